package dev.loam.sim;

import dev.loam.Receipt;
import dev.loam.SimulatedStore;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
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
        if (!store.mayWrite()) {
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
