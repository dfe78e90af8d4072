/* What the C tests share: checks that count, and a result line. */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hs.h"

static int failures = 0;
static int checks = 0;

#define TRUE(condition, title) \
    do { \
        checks++; \
        if (!(condition)) { \
            failures++; \
            fprintf(stderr, "%s:%d: %s: not %s\n", __FILE__, __LINE__, title, #condition); \
        } \
    } while (0)

#define EXPECT(found, wanted, title) \
    do { \
        hs_status found_ = (found); \
        checks++; \
        if (found_ != (wanted)) { \
            failures++; \
            fprintf(stderr, "%s:%d: %s: found %s, wanted %s\n", __FILE__, __LINE__, title, hs_status_word((int32_t)found_), #wanted); \
        } \
    } while (0)

/* A call that must succeed, with &why for its error; prints why it did not. */
#define OK(call) \
    do { \
        hs_error why; \
        checks++; \
        if ((call) != HS_OK) { \
            const char *message = ""; \
            size_t length = 0; \
            failures++; \
            hs_error_message(why, &message, &length); \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, message); \
            hs_error_free(why); \
        } \
    } while (0)

static inline int finish(int functions) {
    printf("%d checks, %d failures", checks, failures);
    if (functions > 0) printf(", %d functions", functions);
    printf("\n");
    return failures == 0 ? 0 : 1;
}

#endif
