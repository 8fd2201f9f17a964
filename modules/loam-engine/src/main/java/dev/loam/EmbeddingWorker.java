package dev.loam;

import dev.loam.core.Embedding;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.core.Part;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives vectors to texts that have none, behind the writers' backs: a {@code put} never waits for a
 * model. The vector is written by an operation of its own that names the text it was made from.
 */
final class EmbeddingWorker {
    /** Texts per batch of operations; a batch of 64 vectors of 4,096 floats is 1 MiB. */
    private static final int ROUND = 64;

    private final Store store;
    private final Embedder embedder;
    private final Thread thread;

    /** Guards the three flags below; never held while a text is embedded or written. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private boolean news = true;
    private boolean idle;
    private boolean stopping;
    private @Nullable LoamException failure;

    private record Text(String key, String text) {}

    EmbeddingWorker(Store store, Embedder embedder) {
        this.store = store;
        this.embedder = embedder;
        this.thread = Thread.ofPlatform().daemon().name("loam-embedding").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** There may be new texts. */
    void wake() {
        lock.lock();
        try {
            news = true;
            idle = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every text has a vector; false if the time passed first. */
    boolean await(Duration timeout, Progress progress) {
        long total = awaiting();
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (!idle || news) {
                if (failure != null) {
                    throw new LoamException(
                            failure.code(),
                            "the embedder failed: " + failure.getMessage(),
                            failure);
                }
                if (left <= 0 || stopping) {
                    return false;
                }
                left = changed.awaitNanos(left);
                lock.unlock();
                try {
                    long now = awaiting();
                    total = Math.max(total, now);
                    progress.at(total - now, total);
                } finally {
                    lock.lock();
                }
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Living records with text that lack a fresh vector, as far as the index knows by now. */
    long awaiting() {
        store.index().refresh();
        try (IndexSnapshot snapshot = store.snapshot()) {
            return snapshot.unembeddedCount(embedder.model());
        }
    }

    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (awaitNews()) {
                while (!isStopping() && round()) {
                    signalRound();
                }
            }
        } catch (LoamException broken) {
            lock.lock();
            try {
                failure = broken;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    private void signalRound() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** False when the worker is to end. */
    private boolean awaitNews() {
        lock.lock();
        try {
            while (!news && !stopping) {
                idle = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            news = false;
            return !stopping;
        } finally {
            lock.unlock();
        }
    }

    /** Embeds what it finds, at most {@link #ROUND} texts; false if there was nothing. */
    private boolean round() {
        store.index().refresh();
        Map<VaultId, List<Text>> texts = new TreeMap<>();
        try (IndexSnapshot snapshot = store.snapshot()) {
            for (RecordId id : snapshot.unembedded(embedder.model(), ROUND)) {
                snapshot.state(id)
                        .map(RecordState::decode)
                        .filter(RecordState::isAlive)
                        .ifPresent(
                                state ->
                                        texts.computeIfAbsent(
                                                        id.vault(), vault -> new ArrayList<>())
                                                .add(new Text(id.key(), MemoryLayout.text(state))));
            }
        }
        boolean any = false;
        for (Map.Entry<VaultId, List<Text>> vault : texts.entrySet()) {
            any |= embed(vault.getKey(), vault.getValue());
        }
        return any;
    }

    private boolean embed(VaultId vault, List<Text> texts) {
        if (ControlBatch.author(store, store.state().vault(vault)).isEmpty()) {
            return false;
        }
        List<float[]> vectors =
                embedder.embed(texts.stream().map(Text::text).toList(), Embedder.Purpose.PASSAGE);
        Invariant.check(vectors.size() == texts.size(), "the embedder left texts out");
        store.write(
                stage -> {
                    // Shut out meanwhile: the texts wait until it is in again.
                    if (ControlBatch.author(store, stage.vault(vault)).isPresent()) {
                        write(stage, vault, texts, vectors);
                    }
                    return Optional.empty();
                });
        return true;
    }

    private void write(Stage stage, VaultId id, List<Text> texts, List<float[]> vectors) {
        VaultState vault = stage.vault(id);
        Stage.Draft draft =
                stage.draft(id, store.ownActor(vault), store.environment().now().toEpochMilli());
        DotSequence dots = draft.dots();
        TreeMap<RecordId, Part> parts = new TreeMap<>();
        TreeMap<RecordId, Integer> order = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            order.put(new RecordId(id, texts.get(i).key()), i);
        }
        order.forEach(
                (record, i) -> {
                    RecordState state = stage.record(record);
                    String text = texts.get(i).text();
                    // What was changed or deleted meanwhile gets its vector in a later round.
                    if (state.isAlive() && MemoryLayout.text(state).equals(text)) {
                        RecordEdit edit = draft.edit(state, dots);
                        edit.embed(
                                embedder.model(),
                                new Embedding(
                                        MemoryLayout.textHash(text),
                                        Memory.Vector.of(vectors.get(i)).littleEndian()));
                        parts.put(record, new Part(record.key(), edit.operations()));
                    }
                });
        if (!parts.isEmpty()) {
            stage.stage(
                    draft.id(),
                    draft.batch(List.copyOf(parts.values()), store.environment().randomBytes(16)));
        }
    }
}
