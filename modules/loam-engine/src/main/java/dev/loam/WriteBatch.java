package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Changes of several memories of a vault that are written all or not at all: see {@link
 * Vault#write}. Several changes of one memory apply in the order in which they were given. For one
 * thread, within that call.
 */
public final class WriteBatch {
    private final Environment environment;
    private final SequencedMap<String, List<Wish>> wishes = new LinkedHashMap<>();
    private int count;

    WriteBatch(Environment environment) {
        this.environment = environment;
    }

    /** As {@link Vault#put}; returns the key, which may be a new one. */
    public String put(Memory memory) {
        Instant now = environment.now();
        String key = memory.key().isEmpty() ? environment.newKey(now) : memory.key();
        add(key, Wish.put(memory, memory.time().orElse(now)));
        return key;
    }

    /** As {@link Vault#update}. */
    public WriteBatch update(String key, Update update) {
        return add(key, Wish.update(update));
    }

    /** As {@link Vault#delete}. */
    public WriteBatch delete(String key) {
        return add(key, Wish.DELETE);
    }

    /** As {@link Vault#remove}. */
    public WriteBatch remove(String key) {
        return add(key, Wish.REMOVE);
    }

    WriteBatch restore(StoredMemory memory, int part) {
        Instant time = memory.parts().getFirst().time().orElseGet(environment::now);
        return add(memory.key(), Wish.restore(memory, part, time));
    }

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} if there are none
     */
    Map<String, List<Wish>> wishes() {
        if (wishes.isEmpty()) {
            throw new LoamException(ErrorCode.INVALID_ARGUMENT, "the batch changes nothing");
        }
        return wishes;
    }

    WriteBatch add(String key, Wish wish) {
        Limits.checkKey(key);
        // Each is an operation at least, as a rule: no caller fills the heap before it is refused.
        Limits.check("changes of a batch", ++count, Limits.BATCH_OPERATIONS_MAX);
        wishes.computeIfAbsent(key, first -> new ArrayList<>()).add(wish);
        return this;
    }
}
