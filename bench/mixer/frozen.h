// The constants of src/core/random/mixer.ts; a test holds the two together.
#ifndef FROZEN_H
#define FROZEN_H

#include <stdint.h>

enum { S1 = 16, S2 = 15, S3 = 15 };
static const uint32_t M1 = 569420461, M2 = 1935289751, ODD = 1540483477;

#endif
