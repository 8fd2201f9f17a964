package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Three devices write and hear of each other; a fourth gets the authors' batches in parts, in any
 * order of the authors, over sessions of several devices.
 */
class ArrivalOrderPropertyTest {
    private static final int AUTHORS = 3;
    private static final int READER = 3;

    private static Path directory = Path.of("");

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("loam-arrivals");
    }

    @AfterContainer
    static void deleteDirectory() {
        IndexBuild.deleteTree(directory);
    }

    @Property(tries = 25)
    void whateverTheOrderAndTheSplittingAllIsAppliedAndNothingWaits(@ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        Path place = directory.resolve(Long.toHexString(seed) + "-" + random.nextInt());
        try (Fleet fleet = new Fleet()) {
            fleet.begin(Files.createDirectory(place), AUTHORS + 1);
            write(fleet, random);

            deliver(fleet, random);

            assertThat(fleet.store(READER).waiting().vaults()).isEmpty();
            assertThat(fleet.device(READER).parked()).isEmpty();
            assertThat(fleet.vault(READER).encode()).isEqualTo(fleet.vault(0).encode());
            assertThat(fleet.device(READER).digest()).isEqualTo(fleet.device(0).digest());
            assertThat(fleet.device(READER).verify(Progress.NONE).damage()).isEmpty();
        }
        IndexBuild.deleteTree(place);
    }

    private static void write(Fleet fleet, Random random) throws Exception {
        for (int i = 0; i < 30; i++) {
            int author = random.nextInt(AUTHORS);
            String key = "k" + random.nextInt(5);
            Vault vault = fleet.device(author).vault("main");
            if (random.nextInt(3) == 0) {
                fleet.sync(author, (author + 1) % AUTHORS);
            } else if (vault.get(key).isEmpty()) {
                fleet.put(author, key, "text " + i);
            } else if (random.nextInt(3) == 0) {
                vault.delete(key);
            } else {
                vault.update(key, Update.none().text("edit " + i).increment("n", 1));
            }
        }
        for (int round = 0; round < 2; round++) {
            fleet.sync(0, 1);
            fleet.sync(1, 2);
            fleet.sync(2, 0);
        }
    }

    /** Of each author a queue of parts; the next part is of any, and from any who has it. */
    private static void deliver(Fleet fleet, Random random) {
        VaultId vault = fleet.vault(0).id();
        List<List<List<SyncEntry>>> queues = new ArrayList<>();
        for (int author = 0; author < AUTHORS; author++) {
            ActorId actor = fleet.own(author);
            long after = fleet.vault(READER).frontier().get(actor).sequence();
            List<List<SyncEntry>> parts = new ArrayList<>();
            for (SyncEntry each : Handover.sealed(fleet.store(author), vault, actor, after)) {
                if (parts.isEmpty() || random.nextInt(3) == 0) {
                    parts.add(new ArrayList<>());
                }
                parts.getLast().add(each);
            }
            queues.add(parts);
        }
        while (queues.stream().anyMatch(queue -> !queue.isEmpty())) {
            List<List<SyncEntry>> queue = queues.get(random.nextInt(AUTHORS));
            if (!queue.isEmpty()) {
                int giver = random.nextInt(AUTHORS);
                List<SyncEntry> part = queue.getFirst();
                SyncInput answer =
                        Handover.give(fleet.store(READER), fleet.store(giver), vault, part);
                assertThat(answer)
                        .isNotEqualTo(new SyncInput.ApplyFailed(vault, EndReason.BAD_SEAL));
                // What could not even be verified is told as waiting and comes again.
                boolean isHere =
                        part.stream()
                                .allMatch(each -> isApplied(fleet, each) || waits(fleet, each));
                if (isHere) {
                    queue.removeFirst();
                }
            }
        }
    }

    private static boolean isApplied(Fleet fleet, SyncEntry entry) {
        return fleet.vault(READER).frontier().get(entry.actor()).sequence() >= entry.sequence();
    }

    private static boolean waits(Fleet fleet, SyncEntry entry) {
        return fleet.store(READER).waiting().runs(fleet.vault(READER).id()).stream()
                .anyMatch(
                        run ->
                                run.actor().equals(entry.actor())
                                        && run.first() <= entry.sequence()
                                        && entry.sequence() <= run.through());
    }
}
