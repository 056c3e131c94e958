/* A set of 64-byte lines: a hash table with open addressing, empty when zeroed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_set {
    uint64_t* slots; /* line + 1; 0: free */
    size_t count, size;
};

/* False when the line was there. */
bool line_set_add(struct line_set* set, uint64_t line);
void line_set_free(struct line_set* set);
