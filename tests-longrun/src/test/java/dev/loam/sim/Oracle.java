package dev.loam.sim;

import dev.loam.core.Batch;
import dev.loam.core.Part;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Compares what devices show with the model and with one another. */
final class Oracle {
    private final Model model = new Model();
    private final Homecomings homecomings = new Homecomings(model);
    private final Forgotten forgotten;
    private final Revocations revocations = new Revocations();
    private final Reading reading;

    /** By frontier: equal ones must have equal digests and contents, on any device at any time. */
    private final Map<SortedMap<String, Long>, String> digests = new HashMap<>();

    private final Map<SortedMap<String, Long>, String> contents = new HashMap<>();

    /** Of two entries of a log, the one that stands first wherever both are. */
    private final Set<List<String>> orders = new HashSet<>();

    /** What content was last compared, by device. */
    private record Looked(int life, SortedMap<String, Long> frontier) {}

    private final Map<Integer, Looked> looked = new HashMap<>();

    Oracle(Reading reading, Counts counts) {
        this.reading = reading;
        this.forgotten = new Forgotten(model, homecomings, counts);
    }

    Model model() {
        return model;
    }

    /** After each event: nothing promised is gone, and equal frontiers have equal digests. */
    void checkFrontier(Device device) {
        SortedMap<String, Long> frontier = device.store().frontier();
        noteHomecoming(device, frontier);
        homecomings.examine(device);
        checkAtLeast(device, frontier, device.promised());
        // What was cut out ahead of its forgetting this one lacks, and others may have.
        if (!device.store().awaitsForgetting()) {
            String digest = device.store().loam().digest();
            String known = digests.putIfAbsent(frontier, digest);
            Violation.unless(
                    known == null || known.equals(digest),
                    "device %d has the digest %s at %s, where it was %s",
                    device.number(),
                    digest,
                    frontier,
                    known);
        }
        device.setVisible(frontier);
    }

    /** What it held and no more holds is promised no more, if that was set aside. */
    void noteHomecoming(Device device, SortedMap<String, Long> found) {
        if (device.wasRestored()) {
            noteOtherHistory(device, found);
        }
        if (homecomings.explains(device, device.visible(), found)) {
            device.cameHome(found);
        }
    }

    /**
     * Where nobody had what it wrote before it was put back, its actor goes on from there, and lets
     * its next one in with a number that it had given out.
     */
    private void noteOtherHistory(Device device, SortedMap<String, Long> found) {
        for (String actor : device.store().ownActors()) {
            long last = found.getOrDefault(actor, 0L);
            for (long each = device.visible().getOrDefault(actor, 0L) + 1; each <= last; each++) {
                if (model.isNamed(actor, each)
                        && device.store()
                                .batch(actor, each)
                                .filter(Oracle::isOfControl)
                                .isPresent()) {
                    forgetAfter(actor, each - 1);
                }
            }
        }
    }

    /** A write of which everything was cut has no part at all. */
    private static boolean isOfControl(Batch batch) {
        return !batch.parts().isEmpty() && batch.parts().stream().allMatch(Part::isControl);
    }

    Forgotten forgotten() {
        return forgotten;
    }

    Homecomings homecomings() {
        return homecomings;
    }

    Revocations revocations() {
        return revocations;
    }

    static void checkAtLeast(
            Device device, SortedMap<String, Long> frontier, SortedMap<String, Long> promised) {
        promised.forEach(
                (actor, sequence) ->
                        Violation.unless(
                                frontier.getOrDefault(actor, 0L) >= sequence,
                                "device %d had batch %d of %s and has it no more: %s",
                                device.number(),
                                sequence,
                                actor,
                                frontier));
    }

    /** All memories are what the model says; looked at again only if the frontier has moved. */
    void checkContent(Device device) {
        SortedMap<String, Long> frontier = device.store().frontier();
        Looked now = new Looked(device.life(), frontier);
        if (now.equals(looked.put(device.number(), now))) {
            return;
        }
        if (device.store().wantsSnapshot() && model.hasLost(frontier)) {
            // It has given up what it holds, and somebody who was put back reckons with that.
            return;
        }
        BitSet known = model.known(frontier);
        model.checkCausality(known);
        boolean isWhole = !device.store().awaitsForgetting();
        List<String> all = new ArrayList<>();
        for (String key : Wishes.KEYS) {
            if (!isWhole && model.mayLackItsForgetting(key, known)) {
                continue;
            }
            Optional<Reading.Shown> shown = reading.read(device, key);
            Optional<Content> expected = model.content(key, known);
            Violation.unless(
                    shown.map(Reading.Shown::content).equals(expected),
                    "device %d shows %s under %s, the model has %s",
                    device.number(),
                    shown,
                    key,
                    expected);
            shown.ifPresent(each -> checkOrders(device, key, each.totals().logs()));
            all.add(String.valueOf(shown));
        }
        if (!isWhole) {
            return;
        }
        String content = all.toString();
        String before = contents.putIfAbsent(frontier, content);
        Violation.unless(
                before == null || before.equals(content),
                "device %d reads %s at %s, where it was %s",
                device.number(),
                content,
                frontier,
                before);
    }

    void checkPasts(Device device) {
        Wishes.KEYS.forEach(key -> checkPast(device, key));
    }

    /** What a device's log tells of a memory's past ends with the memory as it is. */
    void checkPast(Device device, String key) {
        Violation.unless(
                device.store().endsPastInPresent(key),
                "the past of %s at device %d ends as something else",
                key,
                device.number());
    }

    /** The order of two entries is the same everywhere and at any time. */
    private void checkOrders(Device device, String key, SortedMap<String, List<String>> logs) {
        logs.forEach(
                (log, lines) -> {
                    if (lines.size() != Set.copyOf(lines).size()) {
                        // One that was written anew and came as well: equal ones cannot be told.
                        return;
                    }
                    for (int later = 1; later < lines.size(); later++) {
                        for (int first = 0; first < later; first++) {
                            String one = lines.get(first);
                            String other = lines.get(later);
                            if (homecomings.isRewritten(one) || homecomings.isRewritten(other)) {
                                continue;
                            }
                            orders.add(List.of(key, log, one, other));
                            Violation.unless(
                                    !orders.contains(List.of(key, log, other, one)),
                                    "device %d has \"%s\" before \"%s\", where it was behind it",
                                    device.number(),
                                    one,
                                    other);
                        }
                    }
                });
    }

    /** A device may give these batches out again: nobody else knows them. */
    void forgetAfter(String actor, long sequence) {
        model.forgetAfter(actor, sequence);
        revocations.forgetAfter(actor, sequence);
        digests.keySet().removeIf(frontier -> frontier.getOrDefault(actor, 0L) > sequence);
        contents.keySet().removeIf(frontier -> frontier.getOrDefault(actor, 0L) > sequence);
    }
}
