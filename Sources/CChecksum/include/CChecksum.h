/// CRC-32 with the processor's own instructions, which Swift has no names for.
#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Updates the CRC-32 register `state` (reflected polynomial 0xEDB88320, not inverted) with as many of the `count`
/// bytes as the processor has fast instructions for. Returns how many: 0 if it has none, or if the bytes are too few.
size_t cs_crc32_update(uint32_t *state, const void *bytes, size_t count);

#endif
