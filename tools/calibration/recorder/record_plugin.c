/*
 * A QEMU plugin that records which kernel functions run between the guest's two markers.
 *
 * Arguments: symbols=FILE (see symbols.h), out=FILE (see call_tree.h), accesses=on (each load and store too).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../guest/markers.h"
#include "call_tree.h"
#include "qemu_plugin.h"
#include "symbols.h"

#define EXPORTED __attribute__((visibility("default")))
#define KERNEL_TEXT 0xffffffff80000000ul
#define USER_END 0x800000000000ul

EXPORTED int qemu_plugin_version = 1;

static FILE* out;
static bool keep_accesses, recording;
static unsigned long packets;

static void executed(unsigned int cpu, void* data) {
    (void)cpu;
    if (recording) tree_execute(data);
}

static void kernel_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void* data) {
    (void)cpu, (void)data;
    if (recording) tree_access(qemu_plugin_mem_is_store(info), 1u << qemu_plugin_mem_size_shift(info), address);
}

static void user_store(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void* data) {
    (void)cpu, (void)info, (void)data;
    if (address == MARKER_BEGIN) {
        recording = true;
        tree_begin(keep_accesses);
    } else if (address == MARKER_END && recording) {
        recording = false;
        tree_write(out, ++packets);
    }
}

static bool is_prefix(unsigned char byte) {
    return byte == 0x2e || byte == 0x3e || byte == 0x66 || byte == 0xf2 || byte == 0xf3 || (byte & 0xf0) == 0x40;
}

/* x86-64: call rel32, call and jmp r/m64, ret, ret imm16. */
static void decode_flow(const unsigned char* code, size_t size, struct instruction* into) {
    unsigned int group;

    while (size && is_prefix(*code)) code++, size--;
    group = size > 1 && *code == 0xff ? code[1] >> 3 & 7 : 0;
    into->indirect = group == 2 || group == 4;
    into->flow = FLOW_STRAIGHT;
    if ((size && *code == 0xe8) || group == 2) into->flow = FLOW_CALL;
    if (size && (*code == 0xc3 || *code == 0xc2)) into->flow = FLOW_RETURN;
}

static struct instruction* decode(const struct qemu_plugin_insn* translated) {
    struct instruction* decoded = malloc(sizeof(*decoded));
    size_t size = qemu_plugin_insn_size(translated);

    decoded->address = qemu_plugin_insn_vaddr(translated);
    decoded->next = decoded->address + size;
    decoded->symbol = symbol_at(decoded->address);
    decode_flow(qemu_plugin_insn_data(translated), size, decoded);
    return decoded;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb* block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn* one = qemu_plugin_tb_get_insn(block, i);
        uint64_t address = qemu_plugin_insn_vaddr(one);

        if (address >= KERNEL_TEXT && symbol_at(address)) {
            qemu_plugin_register_vcpu_insn_exec_cb(one, executed, QEMU_PLUGIN_CB_NO_REGS, decode(one));
            qemu_plugin_register_vcpu_mem_cb(one, kernel_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
        } else if (address < USER_END) {
            qemu_plugin_register_vcpu_mem_cb(one, user_store, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_W, NULL);
        }
    }
}

static void finished(qemu_plugin_id_t id, void* data) {
    (void)id, (void)data;
    fclose(out);
}

static const char* value_of(const char* argument, const char* key) {
    size_t length = strlen(key);

    return strncmp(argument, key, length) == 0 && argument[length] == '=' ? argument + length + 1 : NULL;
}

EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t* info, int argc, char** argv) {
    const char* value;

    (void)info;
    for (int i = 0; i < argc; i++) {
        if ((value = value_of(argv[i], "symbols")))
            read_symbols(value);
        else if ((value = value_of(argv[i], "out")))
            out = fopen(value, "w");
        else if (value_of(argv[i], "accesses"))
            keep_accesses = true;
    }
    if (!out) {
        fprintf(stderr, "record_plugin: out=FILE is missing or cannot be written\n");
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finished, NULL);
    return 0;
}
