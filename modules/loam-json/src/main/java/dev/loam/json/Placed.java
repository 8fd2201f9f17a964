package dev.loam.json;

import dev.loam.core.LoamException;
import java.util.function.Supplier;

/** Names the place in whatever goes wrong there. */
final class Placed {
    private Placed() {}

    static <T> T at(Supplier<String> place, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (LoamException refused) {
            throw new LoamException(
                    refused.code(), place.get() + ": " + refused.getMessage(), refused);
        }
    }
}
