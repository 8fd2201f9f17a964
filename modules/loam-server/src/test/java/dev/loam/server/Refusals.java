package dev.loam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expects calls to fail with a code. */
final class Refusals {
    private Refusals() {}

    static LoamException refusal(ErrorCode code, ThrowingCallable call) {
        LoamException refused = catchThrowableOfType(LoamException.class, call);
        assertThat(refused).as("expected %s", code).isNotNull();
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        return refused;
    }
}
