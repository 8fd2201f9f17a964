package dev.loam.sim;

import dev.loam.SimulatedStore;
import dev.loam.core.Batch;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Value;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Devices that took a snapshot in the place of what they held. What they held more must come again:
 * written anew, which the model learns from the bytes of the new batch, or in the inbox.
 */
final class Homecomings {
    private final Model model;

    /** By device, the snapshot with which its log begins. */
    private final Map<Integer, String> taken = new HashMap<>();

    /** By device, what it held and the snapshot did not. */
    private final Map<Integer, Set<Write>> aside = new TreeMap<>();

    /** By actor, the last batch whose author may have written something anew with it. */
    private final Map<String, Long> examined = new HashMap<>();

    Homecomings(Model model) {
        this.model = model;
    }

    /**
     * To be called after anything that a store did: whether it has taken a snapshot since, and
     * holds less. Then notes what it held and holds no more.
     */
    boolean explains(Device device, SortedMap<String, Long> before, SortedMap<String, Long> found) {
        Optional<String> snapshot = device.store().snapshotTaken();
        if (snapshot.isEmpty()
                || snapshot.get().equals(taken.put(device.number(), snapshot.get()))
                || isAtLeast(found, before)) {
            return false;
        }
        BitSet gone = model.known(before);
        gone.andNot(model.known(found));
        Set<Write> writes = aside.computeIfAbsent(device.number(), d -> new LinkedHashSet<>());
        gone.stream().mapToObj(model::write).forEach(writes::add);
        return true;
    }

    private static boolean isAtLeast(
            SortedMap<String, Long> frontier, SortedMap<String, Long> bound) {
        return bound.entrySet().stream()
                .allMatch(each -> frontier.getOrDefault(each.getKey(), 0L) >= each.getValue());
    }

    /** Whether it ever set anything aside, and may write of its own accord. */
    boolean mayRewrite(Device device) {
        return aside.containsKey(device.number());
    }

    /** Tells the model of what the device wrote anew, as its log has it. */
    void examine(Device device) {
        if (!mayRewrite(device)) {
            return;
        }
        SimulatedStore store = device.store();
        SortedMap<String, Long> frontier = store.frontier();
        for (String actor : store.ownActors()) {
            long last = frontier.getOrDefault(actor, 0L);
            for (long number = examined.getOrDefault(actor, 0L) + 1; number <= last; number++) {
                if (!model.isNamed(actor, number)) {
                    examine(device, actor, number);
                }
            }
            examined.put(actor, last);
        }
    }

    private void examine(Device device, String actor, long number) {
        Optional<Batch> batch = device.store().batch(actor, number);
        if (batch.isEmpty()) {
            return;
        }
        for (Part part : batch.get().parts()) {
            if (Wishes.KEYS.contains(part.key())) {
                BitSet seen = model.known(device.store().seenBy(actor, number));
                Write again = model.attempt(write(device, part, seen));
                model.name(actor, number, again);
            }
        }
    }

    private Write write(Device device, Part part, BitSet seen) {
        TreeMap<String, String> text = new TreeMap<>();
        TreeSet<String> added = new TreeSet<>();
        TreeSet<String> removed = new TreeSet<>();
        Write.Kind kind = Write.Kind.UPDATE;
        for (Operation operation : part.operations()) {
            Lifetime lifetime = Lifetime.CURRENT;
            switch (operation) {
                case Operation.Set(FieldName field, Value value, var _, Lifetime of) -> {
                    if (Wishes.FIELDS.contains(field.name())) {
                        text.put(field.name(), ((Value.Text) value).text());
                    }
                    lifetime = of;
                }
                case Operation.AddElement(var _, Value tag, var _, Lifetime of) -> {
                    added.add(((Value.Text) tag).text());
                    lifetime = of;
                }
                case Operation.RemoveElement(var _, Value tag, var _) ->
                        removed.add(((Value.Text) tag).text());
                case Operation.Delete() -> kind = Write.Kind.DELETE;
                default -> throw new Violation("nobody wished for " + operation);
            }
            if (lifetime == Lifetime.FRESH) {
                kind = Write.Kind.PUT;
            }
        }
        return new Write(
                model.next(), device.number(), seen, kind, part.key(), text, added, removed);
    }

    /** It was put back, and knows nothing of what it set aside since, or of what came of that. */
    void restored(Device device) {
        aside.remove(device.number());
    }

    /**
     * In the end: each value that one of these devices, which agree, set aside was written anew, or
     * lies in the inbox.
     */
    void checkNothingIsLost(List<Device> remaining) {
        Device device = remaining.getFirst();
        aside.keySet().retainAll(remaining.stream().map(Device::number).toList());
        SortedMap<String, Long> frontier = device.store().frontier();
        Set<String> inbox = new HashSet<>();
        device.store().inbox().forEach(entry -> entry.mine().ifPresent(v -> inbox.add(text(v))));
        BitSet known = model.known(frontier);
        aside.forEach(
                (late, writes) -> {
                    for (Write write : writes) {
                        for (var field : write.text().entrySet()) {
                            Violation.unless(
                                    inbox.contains(field.getValue())
                                            || model.isWritten(known, write.key(), field),
                                    "device %d came home, and \"%s\" of %s is nowhere",
                                    late,
                                    field.getValue(),
                                    write.key());
                        }
                    }
                });
    }

    private static String text(Value value) {
        return value instanceof Value.Text(String text) ? text : value.toString();
    }

    int count() {
        return aside.size();
    }
}
