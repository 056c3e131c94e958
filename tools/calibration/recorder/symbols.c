#include "symbols.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct symbol* symbols;
static size_t symbol_count;

static int compare_names(const void* a, const void* b) { return strcmp(a, b); }

static const char* intern(const char* name) {
    static void* names;
    char* copy = strdup(name);
    char* known = *(char**)tsearch(copy, &names, compare_names);

    if (known != copy) free(copy);
    return known;
}

void read_symbols(const char* file) {
    FILE* in = fopen(file, "r");
    size_t room = 0;
    unsigned long address;
    char kind, name[512];

    if (!in) {
        perror(file);
        exit(2);
    }
    while (fscanf(in, "%lx %c %511s", &address, &kind, name) == 3) {
        if (symbol_count == room) {
            room = room ? 2 * room : 1 << 16;
            symbols = realloc(symbols, room * sizeof(*symbols));
        }
        symbols[symbol_count++] = (struct symbol){address, kind, intern(name)};
    }
    fclose(in);
}

const struct symbol* symbol_at(uint64_t address) {
    size_t low = 0, high = symbol_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &symbols[low - 1] : NULL;
}
