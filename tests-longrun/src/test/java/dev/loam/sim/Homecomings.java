package dev.loam.sim;

import dev.loam.Inbox;
import dev.loam.SimulatedStore;
import dev.loam.core.Batch;
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

/**
 * Devices that took a snapshot in the place of what they held. What they held more must come again:
 * written anew, which the model learns from the bytes of the new batch, or in the inbox.
 */
final class Homecomings {
    private static final String LOST = "device %d came home, and %s of %s is nowhere";

    private final Model model;

    /** By device, the snapshot with which its log begins. */
    private final Map<Integer, String> taken = new HashMap<>();

    /** By device, what it held and the snapshot did not. */
    private final Map<Integer, Set<Write>> aside = new TreeMap<>();

    /** Those of them that another device had confirmed. */
    private final Set<Write> sent = new HashSet<>();

    /**
     * What devices did not show any more, as it had been overwritten, and had let go of the batch
     * that wrote it: nothing of it is left. Of counters only totals are.
     */
    private final Set<Object> excused = new HashSet<>();

    /** What adds and was written anew, with actor and key. */
    private final Set<List<Object>> added = new HashSet<>();

    /** The same without. */
    private final Set<Object> rewritten = new HashSet<>();

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
        BitSet held = model.known(before);
        BitSet gone = (BitSet) held.clone();
        gone.andNot(model.known(found));
        BitSet letGo = model.known(device.letGo());
        letGo.and(gone);
        letGo.stream().mapToObj(model::write).forEach(write -> noteLetGo(write, held));
        Set<Write> writes = aside.computeIfAbsent(device.number(), d -> new LinkedHashSet<>());
        gone.stream().mapToObj(model::write).forEach(writes::add);
        BitSet told = model.known(device.heldByOthers());
        writes.stream().filter(write -> told.get(write.number())).forEach(sent::add);
        return true;
    }

    private void noteLetGo(Write write, BitSet held) {
        for (Change change : write.changes()) {
            Optional<Content> shown = model.content(change.key(), held);
            change.text()
                    .forEach(
                            (field, value) -> {
                                if (shown.map(Content::siblings)
                                        .map(siblings -> siblings.get(field))
                                        .filter(values -> values.contains(value))
                                        .isEmpty()) {
                                    excused.add(value);
                                }
                            });
            for (Object addition : change.amounts().additions()) {
                if (!(addition instanceof Amounts.Line.Append(String entry))
                        || shown.stream()
                                .flatMap(content -> content.totals().logs().values().stream())
                                .noneMatch(entries -> entries.contains(entry))) {
                    excused.add(addition);
                }
            }
        }
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
        List<Change> changes =
                batch.get().parts().stream()
                        .filter(part -> Wishes.KEYS.contains(part.key()))
                        .map(Rewritten::of)
                        .toList();
        if (!changes.isEmpty()) {
            BitSet seen = model.known(device.store().seenBy(actor, number));
            Write again = new Write(model.next(), device.number(), seen, changes);
            checkAddsOnce(device, actor, again);
            model.name(actor, number, model.attempt(again));
        }
    }

    /**
     * What adds is written anew at most once under one name, and not at all if another device that
     * is still trusted was known to have it: from there everybody may get it yet.
     */
    private void checkAddsOnce(Device device, String actor, Write again) {
        for (Change change : again.changes()) {
            for (Object addition : change.amounts().additions()) {
                Violation.unless(
                        added.add(List.of(actor, change.key(), addition)),
                        "device %d wrote %s of %s anew twice",
                        device.number(),
                        addition,
                        change.key());
                rewritten.add(addition);
                for (Write write : aside.getOrDefault(device.number(), Set.of())) {
                    boolean isIt =
                            write.of(change.key())
                                    .filter(old -> old.amounts().additions().contains(addition))
                                    .isPresent();
                    Violation.unless(
                            !isIt || !sent.contains(write),
                            "device %d wrote %s of %s anew, though another was known to have it",
                            device.number(),
                            addition,
                            change.key());
                }
            }
        }
    }

    /** Whether it stands in another place than at first, perhaps. */
    boolean isRewritten(String entry) {
        return rewritten.contains(new Amounts.Line.Append(entry));
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
        BitSet known = model.known(device.store().frontier());
        Set<Object> inbox = new HashSet<>();
        for (Inbox.Entry entry : device.store().inbox()) {
            // Of what was removed since, an entry says no more than that.
            inbox.add(entry.mine().map(mine -> mine(entry, mine)).orElse(entry.key()));
        }
        aside.forEach(
                (late, writes) -> {
                    for (Write write : writes) {
                        for (Change change : write.changes()) {
                            // What is written anew has not seen what its first writing saw.
                            if (!inbox.contains(change.key())
                                    && !model.isForgotten(change.key(), known)) {
                                checkIsSomewhere(late, change, known, inbox);
                            }
                        }
                    }
                });
    }

    private static Object mine(Inbox.Entry entry, Value mine) {
        return switch (entry.what()) {
            case "increment" -> new Amounts.Count.Add(((Value.Whole) mine).number());
            case "append" -> new Amounts.Line.Append(Rewritten.text(mine));
            default -> Rewritten.text(mine);
        };
    }

    private void checkIsSomewhere(int late, Change set, BitSet known, Set<Object> inbox) {
        List<Change> changes = model.changes(known, set.key());
        set.text()
                .forEach(
                        (field, value) ->
                                Violation.unless(
                                        inbox.contains(value)
                                                || excused.contains(value)
                                                || changes.stream()
                                                        .anyMatch(
                                                                each ->
                                                                        value.equals(
                                                                                each.text()
                                                                                        .get(
                                                                                                field))),
                                        LOST,
                                        late,
                                        value,
                                        set.key()));
        for (Object addition : set.amounts().additions()) {
            Violation.unless(
                    inbox.contains(addition)
                            || excused.contains(addition)
                            || changes.stream()
                                    .anyMatch(
                                            each -> each.amounts().additions().contains(addition)),
                    LOST,
                    late,
                    addition,
                    set.key());
        }
    }

    int count() {
        return aside.size();
    }
}
