#include "line_set.h"

#include <stdlib.h>
#include <string.h>

static size_t slot_of(const struct line_set* set, uint64_t key) {
    size_t slot = (size_t)(key * 0x9e3779b97f4a7c15u >> 20) % set->size;

    while (set->slots[slot] && set->slots[slot] != key) slot = (slot + 1) % set->size;
    return slot;
}

static void grow(struct line_set* set) {
    struct line_set larger = {.count = set->count, .size = set->size ? 2 * set->size : 16};

    larger.slots = calloc(larger.size, sizeof(*larger.slots));
    for (size_t i = 0; i < set->size; i++)
        if (set->slots[i]) larger.slots[slot_of(&larger, set->slots[i])] = set->slots[i];
    free(set->slots);
    *set = larger;
}

bool line_set_add(struct line_set* set, uint64_t line) {
    size_t slot;

    if (2 * set->count >= set->size) grow(set);
    slot = slot_of(set, line + 1);
    if (set->slots[slot]) return false;
    set->slots[slot] = line + 1;
    set->count++;
    return true;
}

void line_set_free(struct line_set* set) {
    free(set->slots);
    memset(set, 0, sizeof(*set));
}
