#include "call_tree.h"

#include <stdlib.h>
#include <string.h>

#include "line_set.h"

struct row {
    const char* function;
    int parent, depth;
    uint64_t awaits; /* the address its caller goes on at; 0: a tail call or a root */
    uint32_t instructions, loads, stores, data_lines, returns, indirect;
    struct line_set code_lines;
};

struct access {
    int row;
    bool store;
    unsigned int size;
    uint64_t address, instruction;
};

static struct row* rows;
static size_t row_count, row_room;
static struct access* accesses;
static size_t access_count, access_room;
static bool keeps_accesses;
static struct line_set data_lines;
static uint64_t executed;

static int current;
static enum flow last_flow;
static uint64_t last_next;
static const struct symbol* thunk; /* the first of those that run one after the other */
static int pays_access;            /* the row that loads and stores count for */

static void* room_for(void* array, size_t count, size_t* room, size_t size) {
    if (count < *room) return array;
    *room = *room ? 2 * *room : 4096;
    return realloc(array, *room * size);
}

static void open_row(const char* function, int parent, uint64_t awaits) {
    rows = room_for(rows, row_count, &row_room, sizeof(*rows));
    rows[row_count] = (struct row){
        .function = function, .parent = parent, .awaits = awaits, .depth = parent < 0 ? 0 : rows[parent].depth + 1};
    current = (int)row_count++;
}

static void return_to(const struct instruction* now) {
    int row = current;

    while (row >= 0 && rows[row].awaits != now->address) row = rows[row].parent;
    if (row >= 0 && rows[row].parent >= 0)
        current = rows[row].parent;
    else
        open_row(now->symbol->function, -1, 0);
}

/* The row that called the current one, be it through tail calls; itself for a root. */
static int caller(void) {
    int row = current;

    while (rows[row].parent >= 0 && !rows[row].awaits) row = rows[row].parent;
    return rows[row].parent >= 0 ? rows[row].parent : current;
}

static bool is_thunk(const struct instruction* now) {
    return now->symbol->kind == SYMBOL_INDIRECT_THUNK || now->symbol->kind == SYMBOL_RETURN_THUNK;
}

/* Chooses the row that `now` belongs to. A thunk stays in its user's row and stands for the call, jump or return. */
static void follow(const struct instruction* now) {
    if (current < 0) return open_row(now->symbol->function, -1, 0);
    if (is_thunk(now)) {
        if (!thunk && now->symbol->kind == SYMBOL_RETURN_THUNK) last_flow = FLOW_RETURN;
        if (!thunk && now->symbol->kind == SYMBOL_INDIRECT_THUNK) rows[current].indirect++;
        if (!thunk) thunk = now->symbol;
        return;
    }
    thunk = NULL;
    if (last_flow == FLOW_CALL)
        open_row(now->symbol->function, current, last_next);
    else if (last_flow == FLOW_RETURN)
        return_to(now);
    else if (now->symbol->function != rows[current].function)
        open_row(now->symbol->function, current, 0);
}

void tree_begin(bool keep_accesses) {
    for (size_t i = 0; i < row_count; i++) line_set_free(&rows[i].code_lines);
    line_set_free(&data_lines);
    row_count = access_count = executed = 0;
    current = -1;
    last_flow = FLOW_STRAIGHT;
    thunk = NULL;
    keeps_accesses = keep_accesses;
}

void tree_execute(const struct instruction* now) {
    bool returns;

    follow(now);
    executed++;
    rows[current].instructions++;
    if (!thunk) line_set_add(&rows[current].code_lines, now->address / 64);
    returns = now->flow == FLOW_RETURN && (!thunk || thunk->kind == SYMBOL_RETURN_THUNK);
    pays_access = returns ? caller() : current;
    rows[current].returns += returns;
    if (!thunk) {
        rows[current].indirect += now->indirect;
        last_flow = now->flow;
        last_next = now->next;
    }
}

void tree_access(bool store, unsigned int size, uint64_t address) {
    if (current < 0) return;
    if (store)
        rows[pays_access].stores++;
    else
        rows[pays_access].loads++;
    rows[pays_access].data_lines += line_set_add(&data_lines, address / 64);
    if (!keeps_accesses) return;
    accesses = room_for(accesses, access_count, &access_room, sizeof(*accesses));
    accesses[access_count++] = (struct access){pays_access, store, size, address, executed};
}

void tree_write(FILE* out, unsigned long number) {
    fprintf(out, "packet %lu\n", number);
    for (size_t i = 0; i < row_count; i++)
        fprintf(out, "%d %s %u %u %u %u %zu %u %u\n", rows[i].depth, rows[i].function, rows[i].instructions,
                rows[i].loads, rows[i].stores, rows[i].data_lines, rows[i].code_lines.count, rows[i].returns,
                rows[i].indirect);
    for (size_t i = 0; i < access_count; i++)
        fprintf(out, "access %d %lu %c %u %lx\n", accesses[i].row, accesses[i].instruction,
                accesses[i].store ? 'W' : 'R', accesses[i].size, accesses[i].address);
}
