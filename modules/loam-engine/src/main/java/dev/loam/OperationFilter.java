package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import java.time.Instant;
import java.util.Optional;

/**
 * Which operations of the log are meant. Immutable; each method gives a changed copy that lets
 * fewer pass.
 *
 * @param vault by the name it has in this store
 * @param actor the first digits, at least 8, of the hexadecimal id of an actor or of its device
 * @param key of the memory; operations that concern a vault alone have none
 * @param since of the hybrid clock's times, included
 * @param until the same, included
 */
public record OperationFilter(
        Optional<String> vault,
        Optional<String> actor,
        Optional<String> key,
        Optional<Instant> since,
        Optional<Instant> until) {
    private static final String ACTOR_DIGITS = "[0-9a-f]{8,64}";

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} if something of it can never pass
     */
    public OperationFilter {
        key.ifPresent(Limits::checkKey);
        if (actor.isPresent() && !actor.get().matches(ACTOR_DIGITS)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "an actor or device is named by 8 or more of the hexadecimal digits of its id,"
                            + " in lower case; `loam inspect` lists them");
        }
        if (since.isPresent() && until.isPresent() && since.get().isAfter(until.get())) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "nothing is both since " + since.get() + " and until " + until.get());
        }
    }

    /** Lets everything pass. */
    public static OperationFilter all() {
        return new OperationFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public OperationFilter vault(String name) {
        return new OperationFilter(Optional.of(name), actor, key, since, until);
    }

    public OperationFilter actor(String digits) {
        return new OperationFilter(vault, Optional.of(digits), key, since, until);
    }

    public OperationFilter key(String name) {
        return new OperationFilter(vault, actor, Optional.of(name), since, until);
    }

    public OperationFilter since(Instant time) {
        return new OperationFilter(vault, actor, key, Optional.of(time), until);
    }

    public OperationFilter until(Instant time) {
        return new OperationFilter(vault, actor, key, since, Optional.of(time));
    }

    /** Whether it asks for what is known of an operation alone: who made it, and when. */
    boolean choosesOperations() {
        return actor.isPresent() || since.isPresent() || until.isPresent();
    }

    boolean takesTime(Instant time) {
        return since.filter(time::isBefore).isEmpty() && until.filter(time::isAfter).isEmpty();
    }

    boolean takesAuthor(ActorId author, String device) {
        return actor.isEmpty()
                || author.toString().startsWith(actor.get())
                || device.startsWith(actor.get());
    }
}
