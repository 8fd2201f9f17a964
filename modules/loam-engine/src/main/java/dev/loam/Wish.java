package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * What a caller wants of one memory.
 *
 * @param check refuses what the store as it stands does not take
 */
record Wish(Target target, Consumer<Stage> check, Consumer<RecordEdit> change) {
    /** What it needs to find. */
    enum Target {
        /** The memory may be new, and so may be the vault. */
        ANY,
        /** There must be such a memory. */
        EXISTING,
        /** There must be one, or a trace of one that was deleted. */
        KNOWN;

        boolean isMissing(RecordEdit found) {
            return switch (this) {
                case ANY -> false;
                case EXISTING -> !found.isAlive();
                case KNOWN -> found.isUnknown();
            };
        }
    }

    static final Wish DELETE = onExisting(RecordEdit::delete);
    static final Wish REMOVE = onExisting(RecordEdit::remove);

    static final Wish FORGET = new Wish(Target.KNOWN, stage -> {}, RecordEdit::purge);

    /** Also where nothing is known of it any more: the log may hold it. */
    static final Wish FORGET_ALWAYS = new Wish(Target.ANY, stage -> {}, RecordEdit::purge);

    static Wish put(Memory memory, Instant time) {
        return new Wish(
                Target.ANY,
                stage -> checkDimensions(stage, memory),
                edit -> edit.put(memory, time));
    }

    /** A part of a memory; the first may make it. */
    static Wish restore(StoredMemory memory, int part, Instant time) {
        return new Wish(
                part == 0 ? Target.ANY : Target.EXISTING,
                stage -> checkDimensions(stage, memory.parts().get(part)),
                edit -> edit.restore(memory, part, time));
    }

    static Wish update(Update update) {
        if (update.equals(Update.none())) {
            throw new LoamException(ErrorCode.INVALID_ARGUMENT, "the update changes nothing");
        }
        return onExisting(edit -> edit.update(update));
    }

    private static Wish onExisting(Consumer<RecordEdit> change) {
        return new Wish(Target.EXISTING, stage -> {}, change);
    }

    private static void checkDimensions(Stage stage, Memory memory) {
        memory.vectors()
                .forEach(
                        (model, vector) ->
                                stage.dimension(model)
                                        .filter(known -> known != vector.dimension())
                                        .ifPresent(
                                                known -> {
                                                    throw new LoamException(
                                                            ErrorCode.INVALID_ARGUMENT,
                                                            "vectors of the model "
                                                                    + model
                                                                    + " have "
                                                                    + known
                                                                    + " dimensions, this one has "
                                                                    + vector.dimension()
                                                                    + "; nothing was written");
                                                }));
    }
}
