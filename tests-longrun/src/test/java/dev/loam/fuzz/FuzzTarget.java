package dev.loam.fuzz;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.List;
import java.util.Set;

/**
 * A parser that takes bytes from outside. Of any of them it makes a value, or refuses them with one
 * of its codes. Targets are made without arguments; one is used by one thread.
 */
public interface FuzzTarget {
    /** Small inputs that are worth changing: such as were written, and such as were once found. */
    List<byte[]> seeds() throws Exception;

    /** With what an input may be refused. */
    Set<ErrorCode> refusals();

    /**
     * Gives the input to the parser, also with its checksums made right, and compares what it makes
     * of it with what it must.
     */
    void run(byte[] input) throws Exception;

    /** Has a part of {@link #run} refuse the input and others go on. */
    default void mayRefuse(Runnable parsing) {
        try {
            parsing.run();
        } catch (LoamException refused) {
            mayBe(refused);
        }
    }

    /** Goes on behind one of the {@link #refusals}. */
    default void mayBe(LoamException refused) {
        if (!refusals().contains(refused.code())) {
            throw refused;
        }
    }
}
