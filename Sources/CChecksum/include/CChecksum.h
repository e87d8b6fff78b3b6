/// CRC-32 with the processor's own instructions, which Swift cannot name.
#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Takes as many of `count` bytes into the CRC-32 register `state` (reflected polynomial 0xEDB88320, not inverted) as the
/// processor has fast instructions for, and gives how many: 0 where it has none, or where the bytes are too few.
size_t cs_crc32_update(uint32_t *state, const void *bytes, size_t count);

#endif
