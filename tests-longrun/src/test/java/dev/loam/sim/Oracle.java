package dev.loam.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Compares what devices show with the model and with one another. */
final class Oracle {
    private final Model model = new Model();
    private final Homecomings homecomings = new Homecomings(model);
    private final Reading reading;

    /** By frontier: equal ones must have equal digests and contents, on any device at any time. */
    private final Map<SortedMap<String, Long>, String> digests = new HashMap<>();

    private final Map<SortedMap<String, Long>, String> contents = new HashMap<>();

    /** What content was last compared, by device. */
    private record Looked(int life, SortedMap<String, Long> frontier) {}

    private final Map<Integer, Looked> looked = new HashMap<>();

    Oracle(Reading reading) {
        this.reading = reading;
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
        String digest = device.store().loam().digest();
        String known = digests.putIfAbsent(frontier, digest);
        Violation.unless(
                known == null || known.equals(digest),
                "device %d has the digest %s at %s, where it was %s",
                device.number(),
                digest,
                frontier,
                known);
        device.setVisible(frontier);
    }

    /** What it held and no more holds is promised no more, if that was set aside. */
    void noteHomecoming(Device device, SortedMap<String, Long> found) {
        if (homecomings.explains(device, device.visible(), found)) {
            device.cameHome(found);
        }
    }

    Homecomings homecomings() {
        return homecomings;
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
        BitSet known = model.known(frontier);
        model.checkCausality(known);
        List<String> all = new ArrayList<>();
        for (String key : Wishes.KEYS) {
            Optional<Reading.Shown> shown = reading.read(device, key);
            Optional<Content> expected = model.content(key, known);
            Violation.unless(
                    shown.map(Reading.Shown::content).equals(expected),
                    "device %d shows %s under %s, the model has %s",
                    device.number(),
                    shown,
                    key,
                    expected);
            all.add(String.valueOf(shown));
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

    /** A device may give these batches out again: nobody else knows them. */
    void forgetAfter(String actor, long sequence) {
        model.forgetAfter(actor, sequence);
        digests.keySet().removeIf(frontier -> frontier.getOrDefault(actor, 0L) > sequence);
        contents.keySet().removeIf(frontier -> frontier.getOrDefault(actor, 0L) > sequence);
    }

    /** All who could tell of later batches are gone. */
    void forgetBeyond(SortedMap<String, Long> frontier) {
        for (String actor : model.authors()) {
            forgetAfter(actor, frontier.getOrDefault(actor, 0L));
        }
    }
}
