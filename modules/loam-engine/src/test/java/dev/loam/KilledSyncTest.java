package dev.loam;

import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.sync.SyncSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store whose process is killed while batches come in. */
@Timeout(120)
class KilledSyncTest {
    private static final int MEMORIES = 150;
    private static final int MEMORY_BYTES = 100_000;
    private static final int FRAMES_BEFORE_KILL = 40;

    @TempDir Path directory;

    /** Kills the process at its other end instead of sending one frame more than so many. */
    private static final class Killing implements PeerLink {
        private final PeerLink link;
        private final Process other;
        private int framesLeft = FRAMES_BEFORE_KILL;

        Killing(PeerLink link, Process other) {
            this.link = link;
            this.other = other;
        }

        @Override
        public DeviceId peer() {
            return link.peer();
        }

        @Override
        public void send(Bytes frame) {
            if (framesLeft-- == 0) {
                Process _ = other.destroyForcibly();
            }
            link.send(frame);
        }

        @Override
        public Bytes receive() {
            return link.receive();
        }

        @Override
        public void close() {
            link.close();
        }
    }

    @Test
    void scenario24AKillAmidSyncIsResumedAndOneWindowIsSentAnewAtMost() throws Exception {
        Path there = directory.resolve("phone");
        try (Loam laptop = open(directory.resolve("laptop"))) {
            DeviceId phoneId;
            try (Loam phone = open(there)) {
                phoneId = phone.identity().id();
                PairedStores.pair(laptop, phone);
            }
            String text = "x".repeat(MEMORY_BYTES);
            for (int i = 0; i < MEMORIES; i++) {
                laptop.vault("main").put(Memory.of(text + i).key("k" + i));
            }
            Process child = ChildJvm.start(SyncChild.class, there.toString());
            SyncReport first;
            try {
                PeerLink link =
                        new StreamLink(phoneId, child.getInputStream(), child.getOutputStream());
                first = laptop.sync(new Killing(link, child), Progress.NONE);
            } finally {
                child.destroyForcibly().waitFor();
            }
            assertThat(first.reason()).isEqualTo("CONNECTION");

            try (Loam phone = open(there)) {
                SyncReport second = PairedStores.sync(laptop, phone);

                assertThat(second.isDone()).isTrue();
                assertThat(second.sentBatches()).as("some were durable").isLessThan(MEMORIES);
                long all = (long) MEMORIES * MEMORY_BYTES;
                long overhead = all / 100;
                assertThat(first.sentBytes() + second.sentBytes())
                        .isLessThan(all + overhead + SyncSession.WINDOW_BYTES + (256 << 10));
                assertThat(phone.digest()).isEqualTo(laptop.digest());
                assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
            }
        }
    }
}
