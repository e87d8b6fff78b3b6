#include "CChecksum.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Folding with carry-less multiplication: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
// Instruction", Intel, 2009. The constants are those of the reflected polynomial, given there.

enum { LANE = 16, BLOCK = 4 * LANE };

#define FOLDING __attribute__((target("pclmul,sse4.1")))

FOLDING static inline __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

/// `lane` advanced by the number of bits that `constants` are made for, plus `next`.
FOLDING static inline __m128i fold(__m128i lane, __m128i constants, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(lane, constants, 0x00);
  __m128i high = _mm_clmulepi64_si128(lane, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/// `count` is a multiple of LANE, and at least BLOCK.
FOLDING static uint32_t folded(uint32_t state, const uint8_t *bytes, size_t count) {
  const __m128i by_block = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i by_lane = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  const __m128i to_64_bits = _mm_set_epi64x(0, 0x163cd6124);
  const __m128i barrett = _mm_set_epi64x(0x1f7011641, 0x1db710641);
  const __m128i low_words = _mm_set_epi32(0, -1, 0, -1);

  __m128i lanes[4];
  for (int lane = 0; lane < 4; lane++) lanes[lane] = load(bytes + lane * LANE);
  lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)state));
  bytes += BLOCK;
  count -= BLOCK;

  for (; count >= BLOCK; bytes += BLOCK, count -= BLOCK)
    for (int lane = 0; lane < 4; lane++) lanes[lane] = fold(lanes[lane], by_block, load(bytes + lane * LANE));
  __m128i rest = lanes[0];
  for (int lane = 1; lane < 4; lane++) rest = fold(rest, by_lane, lanes[lane]);
  for (; count >= LANE; bytes += LANE, count -= LANE) rest = fold(rest, by_lane, load(bytes));

  // 128 bits to 64, and those to 32 by Barrett's reduction.
  rest = _mm_xor_si128(_mm_srli_si128(rest, 8), _mm_clmulepi64_si128(rest, by_lane, 0x10));
  rest = _mm_xor_si128(_mm_srli_si128(rest, 4), _mm_clmulepi64_si128(_mm_and_si128(rest, low_words), to_64_bits, 0x00));
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(rest, low_words), barrett, 0x10);
  __m128i product = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_words), barrett, 0x00);
  return (uint32_t)_mm_extract_epi32(_mm_xor_si128(rest, product), 1);
}

size_t cs_crc32_update(uint32_t *state, const void *bytes, size_t count) {
  count -= count % LANE;
  if (count < BLOCK || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("sse4.1")) return 0;
  *state = folded(*state, bytes, count);
  return count;
}

#elif defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>
#include <string.h>

size_t cs_crc32_update(uint32_t *state, const void *bytes, size_t count) {
  uint32_t crc = *state;
  size_t done = 0;
  for (uint64_t word; done + sizeof word <= count; done += sizeof word) {
    memcpy(&word, (const char *)bytes + done, sizeof word);
    crc = __crc32d(crc, word);
  }
  *state = crc;
  return done;
}

#else

size_t cs_crc32_update(uint32_t *state, const void *bytes, size_t count) {
  (void)state, (void)bytes, (void)count;
  return 0;
}

#endif
