/* A panic inside the library becomes a status: nothing is printed, nothing aborts, and the next call works. */
#include "check.h"

hs_status hs_planted_panic(hs_error *error);

int main(void) {
    for (int i = 0; i < 3; i++) {
        hs_error error = {0};
        const char *message = "";
        size_t length = 0;
        EXPECT(hs_planted_panic(&error), HS_INTERNAL, "a panic");
        OK(hs_error_message(error, &message, &length));
        TRUE(strstr(message, "a planted fault") != NULL, message);
        OK(hs_error_free(error));
        EXPECT(hs_planted_panic(NULL), HS_INTERNAL, "a panic nobody asks about");
    }
    return finish(0);
}
