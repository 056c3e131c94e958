/* The kernel's text symbols, as symbols.py wrote them: `ADDRESS KIND FUNCTION`, sorted by address. */
#pragma once

#include <stdint.h>

enum symbol_kind {
    SYMBOL_FUNCTION = 'f',
    SYMBOL_COLD = 'c',           /* a part that the compiler moved away; FUNCTION is where it came from */
    SYMBOL_INDIRECT_THUNK = 'i', /* calls or jumps to where a register points */
    SYMBOL_RETURN_THUNK = 'r',   /* returns for its caller */
};

struct symbol {
    uint64_t address;
    enum symbol_kind kind;
    const char* function; /* equal names are the same pointer */
};

/* Reads the file; ends the program with a message when it cannot. */
void read_symbols(const char* file);
/* The symbol that holds an address; NULL below the first. */
const struct symbol* symbol_at(uint64_t address);
