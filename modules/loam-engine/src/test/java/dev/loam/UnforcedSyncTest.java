package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a power cut could still take back is never told to a peer. */
class UnforcedSyncTest {
    @TempDir Path directory;

    private Store open(String name) {
        return Store.open(
                directory.resolve(name), LoamOptions.unencrypted().durability(Durability.NONE));
    }

    private static Peer asPeer(Store store) {
        return new Peer(store.device(), store.identity().publicKey(), "test", List.of());
    }

    /** Looks, before each frame, whether all that its store holds is on the disk. */
    private record Watched(PeerLink link, Store store, AtomicBoolean toldUnforced)
            implements PeerLink {
        @Override
        public DeviceId peer() {
            return link.peer();
        }

        @Override
        public void send(Bytes frame) {
            if (store.log().end().isAfter(store.log().forced())) {
                toldUnforced.set(true);
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
    void batchesAreForcedBeforeTheyAreSentAndBeforeTheyAreAcknowledged() throws Exception {
        try (Store laptop = open("laptop");
                Store phone = open("phone");
                ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            laptop.peers().put(asPeer(phone));
            phone.peers().put(asPeer(laptop));
            Vault vault = new Vault(laptop, Optional.empty(), "main");
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 30; i++) {
                    vault.put(Memory.of("memory " + i).key(round + "-" + i));
                }
                assertThat(laptop.log().end().isAfter(laptop.log().forced())).isTrue();
                AtomicBoolean toldUnforced = new AtomicBoolean();
                PipedLink[] ends =
                        PipedLink.between(laptop.device(), phone.device(), Integer.MAX_VALUE);
                Future<SyncReport> there =
                        other.submit(
                                () -> new SyncDriver(phone, ends[1], SyncOptions.once()).run());
                PeerLink watched = new Watched(ends[0], laptop, toldUnforced);
                assertThat(new SyncDriver(laptop, watched, SyncOptions.once()).run().isDone())
                        .isTrue();
                there.get();
                assertThat(toldUnforced).isFalse();
                assertThat(phone.log().forced()).isEqualTo(phone.log().end());
                assertThat(phone.state().digest()).isEqualTo(laptop.state().digest());
            }
        }
    }
}
