/*
 * The calls between two markers, rebuilt from the instructions that ran.
 *
 * A call opens a row one level deeper, a return goes back to the row that awaits it. A jump into another function is a
 * tail call: a row of its own below the one that jumped. A return that no row awaits (another task was switched to)
 * begins anew at depth 0. The load of a return address counts for the caller, which it takes on. A thunk of the
 * mitigations counts for the function that uses it, but its lines of code for none: all use the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "symbols.h"

enum flow { FLOW_STRAIGHT, FLOW_CALL, FLOW_RETURN };

struct instruction {
    uint64_t address, next;
    const struct symbol* symbol;
    enum flow flow;
    bool indirect; /* a call or a jump through a register or memory */
};

void tree_begin(bool keep_accesses);
void tree_execute(const struct instruction* now);
/* A load or store of the instruction that executes. */
void tree_access(bool store, unsigned int size, uint64_t address);
/*
 * Writes `packet NUMBER`, then a row a call, `DEPTH FUNCTION INSTRUCTIONS LOADS STORES DATA_LINES CODE_LINES RETURNS
 * INDIRECT` (64-byte lines: of data that no row before touched, of code that the call itself ran; its own returns, and
 * calls and jumps through pointers), then, when kept, `access ROW INSTRUCTION R|W SIZE ADDRESS`.
 */
void tree_write(FILE* out, unsigned long number);
