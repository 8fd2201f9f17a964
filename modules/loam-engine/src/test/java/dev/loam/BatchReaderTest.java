package dev.loam;

import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.VaultState;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import dev.loam.sync.SyncSession;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchReaderTest {
    private static final int SMALL = 10;
    private static final int WRITES = 2 * BatchReader.BATCHES_MAX + SMALL;

    @TempDir Path directory;

    @BeforeEach
    void write() {
        try (Loam loam = open(directory)) {
            Vault vault = loam.vault("main");
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < WRITES; i++) {
                    String key = "k" + i;
                    Future<?> _ = threads.submit(() -> vault.put(Memory.of("memory").key(key)));
                }
            }
        }
    }

    @Test
    void smallBatchesShareAFrameWithASealForEachHundred() {
        try (Store store = Store.open(directory, LoamOptions.unencrypted())) {
            List<SyncEntry> frame = read(store, SyncSession.FRAME_WEIGHT_MAX);

            assertThat(frame).hasSize(BatchReader.BATCHES_MAX);
            int unsealed = 0;
            for (SyncEntry entry : frame) {
                unsealed = entry.isSealed() ? 0 : unsealed + 1;
                assertThat(unsealed).isLessThan(BatchReader.SEAL_EVERY);
            }
            assertThat(frame.getLast().isSealed()).isTrue();
        }
    }

    @Test
    void aFrameIsNoHeavierThanAskedAndItsLastBatchIsSealed() {
        try (Store store = Store.open(directory, LoamOptions.unencrypted())) {
            long weightMax = 3_000;

            List<SyncEntry> frame = read(store, weightMax);

            assertThat(frame.stream().mapToLong(SyncEntry::weight).sum())
                    .isLessThanOrEqualTo(weightMax);
            assertThat(frame).hasSizeGreaterThan(1);
            assertThat(frame.stream().filter(SyncEntry::isSealed)).containsExactly(frame.getLast());
        }
    }

    private static List<SyncEntry> read(Store store, long weightMax) {
        VaultState vault = store.state().named("main").orElseThrow();
        ActorId own = store.ownActors().in(vault).orElseThrow();
        TreeMap<ActorId, SequenceRange> all = new TreeMap<>();
        all.put(own, new SequenceRange(0, vault.frontier().get(own).sequence()));
        SyncEffect.Read read = new SyncEffect.Read(vault.id(), new BatchRanges(all), weightMax);
        return ((SyncInput.BatchesRead) new BatchReader(store).read(read)).entries();
    }
}
