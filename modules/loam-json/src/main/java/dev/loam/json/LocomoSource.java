package dev.loam.json;

import dev.loam.Memory;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** See {@link MemorySource#locomo}. */
final class LocomoSource implements MemorySource {
    private final LocomoReader reader;
    private final Queue<SourceItem> waiting = new ArrayDeque<>();

    LocomoSource(InputStream utf8) {
        reader = LocomoReader.of(utf8);
    }

    @Override
    public Optional<SourceItem> next() {
        while (waiting.isEmpty()) {
            Optional<LocomoConversation> conversation = reader.next();
            if (conversation.isEmpty()) {
                return Optional.empty();
            }
            conversation.get().turns().stream()
                    .map(turn -> item(conversation.get().id(), turn))
                    .forEach(waiting::add);
        }
        return Optional.of(waiting.remove());
    }

    private static SourceItem item(String conversation, LocomoTurn turn) {
        Memory memory =
                turn.memory()
                        .key(conversation + "/" + turn.memory().key())
                        .field("session", conversation + "/" + turn.session());
        return new SourceItem(conversation + " " + turn.id(), memory);
    }
}
