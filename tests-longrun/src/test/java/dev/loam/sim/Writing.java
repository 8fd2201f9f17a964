package dev.loam.sim;

import dev.loam.ForgetReceipt;
import dev.loam.Receipt;
import dev.loam.SimulatedStore;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Has devices write, and tells the model. */
final class Writing {
    private final World world;
    private final Oracle oracle;
    private final Processes processes;

    Writing(World world, Oracle oracle, Processes processes) {
        this.world = world;
        this.oracle = oracle;
        this.processes = processes;
    }

    /** Makes the vault. */
    void found(Device device) {
        Write write = Wishes.first();
        oracle.model().attempt(write);
        name(Calls.carryOut(write, device.store().loam().vault(World.VAULT)), write);
    }

    /** Who is not in the vault yet, or not again since it was put back, writes nothing. */
    void change(Device device, SplittableRandom random) {
        SimulatedStore store = device.store();
        if (!mayWrite(store)) {
            return;
        }
        Model model = oracle.model();
        BitSet known = model.known(store.frontier());
        Write wished =
                Wishes.draw(
                        model.next(),
                        device.number(),
                        known,
                        key -> model.content(key, known).isPresent(),
                        random);
        boolean isPossible =
                wished.changes().stream()
                        .allMatch(
                                change ->
                                        change.kind() == Change.Kind.PUT
                                                || model.content(change.key(), known).isPresent());
        Write write = isPossible ? foreseen(device, wished, known) : wished;
        model.attempt(write);
        long before = store.frontier().values().stream().mapToLong(Long::longValue).sum();
        try {
            Receipt receipt = Calls.carryOut(wished, store.loam().vault(World.VAULT));
            Violation.unless(
                    isPossible,
                    "device %d changed what is not there: %s",
                    device.number(),
                    wished.changes());
            long after = store.frontier().values().stream().mapToLong(Long::longValue).sum();
            Violation.unless(
                    (after == before) == write.isVoid(),
                    "device %d wrote %d batches for %s",
                    device.number(),
                    after - before,
                    write.changes());
            if (write.isVoid()) {
                world.counts().write("of nothing");
                return;
            }
            name(receipt, write);
            world.counts().write("acknowledged");
            count(write);
            write.changes().forEach(change -> oracle.checkPast(device, change.key()));
            world.line(
                    "write %s %d: %s",
                    receipt.batch().actor(), receipt.batch().sequence(), write.changes());
        } catch (LoamException failed) {
            world.counts().write(failed.code().name());
            refused(device, write, isPossible, failed);
        }
    }

    /**
     * Nor who lacks what was cut out ahead of its forgetting: what there is to change, none tells.
     */
    private boolean mayWrite(SimulatedStore store) {
        if (store.awaitsForgetting()) {
            world.counts().write("left out, as a forgetting was awaited");
            return false;
        }
        return store.mayWrite();
    }

    /** Has a device forget some memories for good. */
    void forget(Device device, SplittableRandom random) {
        SimulatedStore store = device.store();
        if (!mayWrite(store)) {
            return;
        }
        Model model = oracle.model();
        SortedMap<String, Long> before = store.frontier();
        BitSet known = model.known(before);
        Write write =
                Wishes.forgetting(
                        model.next(),
                        device.number(),
                        known,
                        key -> model.content(key, known).isPresent(),
                        random);
        model.attempt(write);
        device.setMayHaveSpoken(true);
        try {
            ForgetReceipt receipt = Calls.forget(write, store.loam().vault(World.VAULT));
            Violation.unless(
                    write.changes().stream()
                            .noneMatch(end -> model.changes(known, end.key()).isEmpty()),
                    "device %d forgot what it never knew: %s",
                    device.number(),
                    write.changes());
            nameForgetting(device, before, write);
            Violation.unless(
                    model.isNamed(receipt.purge().actor().toString(), receipt.purge().sequence()),
                    "device %d names another batch for what it forgot",
                    device.number());
            world.counts().write("of forgetting");
            oracle.checkFrontier(device);
            device.promise(throughPurge(store.frontier(), receipt));
            oracle.forgotten().check(device);
        } catch (LoamException failed) {
            world.counts().write("of forgetting " + failed.code());
            forgettingFailed(device, before, write, failed);
        } catch (UncheckedIOException ended) {
            processes.checkEnded(device, ended);
            device.poisonedBy(write);
        }
        processes.settle(device);
        if (device.isUp()) {
            device.setMayHaveSpoken(false);
        }
    }

    /** Not what it says of it to others, which is not forced before they are told. */
    private static SortedMap<String, Long> throughPurge(
            SortedMap<String, Long> frontier, ForgetReceipt receipt) {
        TreeMap<String, Long> through = new TreeMap<>(frontier);
        through.put(receipt.purge().actor().toString(), receipt.purge().sequence());
        return through;
    }

    /** It may be that memories are purged, and that what is left of them was not erased. */
    private void forgettingFailed(
            Device device, SortedMap<String, Long> before, Write write, LoamException failed) {
        if (failed.code() == ErrorCode.NOT_FOUND) {
            Violation.unless(
                    write.changes().stream()
                            .anyMatch(
                                    end ->
                                            oracle.model()
                                                    .content(end.key(), write.seen())
                                                    .isEmpty()),
                    "device %d says that something is not there: %s",
                    device.number(),
                    write.changes());
            return;
        }
        processes.checkFailure(device, failed);
        boolean isVisible = !device.disk().isEnded() && !device.store().frontier().equals(before);
        if (isVisible) {
            nameForgetting(device, before, write);
        } else if (device.disk().hasFailed()) {
            device.poisonedBy(write);
        }
    }

    /** The first batch that its author has written since, if there is any. */
    private void nameForgetting(Device device, SortedMap<String, Long> before, Write write) {
        SortedMap<String, Long> after = device.store().frontier();
        for (String actor : device.store().ownActors()) {
            long last = before.getOrDefault(actor, 0L);
            if (after.getOrDefault(actor, 0L) > last) {
                oracle.model().name(actor, last + 1, write);
                world.line("forget %s %d: %s", actor, last + 1, write.changes());
            }
        }
    }

    private void count(Write write) {
        if (write.changes().size() > 1) {
            world.counts().write("of several memories");
        }
        for (Change change : write.changes()) {
            if (change.kind() == Change.Kind.REMOVE) {
                world.counts().write("of a removal");
            }
            if (!change.amounts().isNone()) {
                world.counts().write("of amounts");
            }
        }
    }

    private void name(Receipt receipt, Write write) {
        oracle.model().name(receipt.batch().actor().toString(), receipt.batch().sequence(), write);
    }

    /** Of changes of what is there. */
    private Write foreseen(Device device, Write wished, BitSet known) {
        List<Change> changes = new ArrayList<>();
        for (Change change : wished.changes()) {
            changes.add(
                    change.kind() == Change.Kind.UPDATE && !change.amounts().isNone()
                            ? foreseen(device, change, known)
                            : change);
        }
        return new Write(wished.number(), wished.device(), wished.seen(), changes);
    }

    private Change foreseen(Device device, Change change, BitSet known) {
        MemoryModel memory = oracle.model().memory(change.key(), known);
        Optional<Reading.Shown> shown =
                change.amounts().logs().isEmpty()
                        ? Optional.empty()
                        : Reading.HONEST.read(device, change.key());
        return new Foresight(
                        memory.content().orElseThrow().totals(),
                        memory.entries(),
                        shown.map(each -> each.totals().logs()).orElseGet(TreeMap::new))
                .of(change);
    }

    private void refused(Device device, Write write, boolean isPossible, LoamException failed) {
        if (failed.code() == ErrorCode.NOT_FOUND) {
            Violation.unless(
                    !isPossible,
                    "device %d says that something is not there: %s",
                    device.number(),
                    write.changes());
            return;
        }
        processes.checkFailure(device, failed);
        if (failed.code() == ErrorCode.IO_FAILED) {
            if (write.isVoid()) {
                device.poisonedInSession();
            } else {
                device.poisonedBy(write);
            }
        }
    }
}
