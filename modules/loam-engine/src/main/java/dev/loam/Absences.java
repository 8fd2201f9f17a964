package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * On how many days this device was there and met others while nothing came of an actor, in the file
 * {@code absences}. Never a difference of two times of a clock: a clock that jumps must suspend
 * nobody. A day counts once, and only if a batch of a third member was written within 24 hours of
 * it, by that member's clock: so two devices agree on what day it is.
 *
 * <pre>
 * met    MILLIS                                 when this device last had such a witness
 * back   MILLIS                                 when it had one again after two days without
 * absent VAULT ACTOR SEQUENCE DAYS LAST         since which batch, on how many days, the last of them
 * </pre>
 *
 * A damaged file is days not counted, and nothing else. One thread at a time.
 */
final class Absences {
    private static final long DAY_MILLIS = 24 * 60 * 60 * 1_000L;

    /** Without a witness for so long, this device has been away itself. */
    private static final long AWAY_MILLIS = 2 * DAY_MILLIS;

    /** Far from any time, and far enough from the bounds to be subtracted. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private static final String MET = "met";
    private static final String BACK = "back";
    private static final String ABSENT = "absent";

    private record Absence(long sequence, int days, long lastDay) {}

    private final SmallFile file;
    private final Map<VaultId, Map<ActorId, Absence>> absences = new TreeMap<>();
    private long met = NEVER;
    private long back = NEVER;

    Absences(StoreFolder store) {
        file = new SmallFile(store, "absences");
        try {
            file.read(
                    lines -> {
                        lines.forEach(this::parse);
                        return lines;
                    });
        } catch (LoamException unreadable) {
            if (unreadable.code() != ErrorCode.CORRUPT) {
                throw unreadable;
            }
            // Not the half of it either.
            absences.clear();
            met = NEVER;
            back = NEVER;
        }
    }

    private void parse(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case MET -> met = Long.parseLong(words[1]);
            case BACK -> back = Long.parseLong(words[1]);
            default ->
                    of(new VaultId(SmallFile.bytes(words[1], VaultId.SIZE)))
                            .put(
                                    new ActorId(SmallFile.bytes(words[2], ActorId.SIZE)),
                                    new Absence(
                                            Long.parseLong(words[3]),
                                            Integer.parseInt(words[4]),
                                            Long.parseLong(words[5])));
        }
    }

    private Map<ActorId, Absence> of(VaultId vault) {
        return absences.computeIfAbsent(vault, absent -> new TreeMap<>());
    }

    /** Counts the present day, where it may be counted; durable when it returns. */
    void observe(StoreState state, DeviceId self, long nowMillis) {
        boolean changed = false;
        boolean meets = false;
        for (VaultState vault : state.vaults().values()) {
            Set<ActorId> witnesses = witnesses(vault, self, nowMillis);
            meets |= !witnesses.isEmpty();
            changed |= observe(vault, witnesses, Math.floorDiv(nowMillis, DAY_MILLIS), self);
        }
        if (meets) {
            if (Math.abs(nowMillis - met) > AWAY_MILLIS) {
                back = nowMillis;
                changed = true;
            }
            changed |= Math.abs(nowMillis - met) > DAY_MILLIS / 24;
            met = changed ? nowMillis : met;
        }
        if (changed) {
            write();
        }
    }

    private boolean observe(VaultState vault, Set<ActorId> witnesses, long day, DeviceId self) {
        Map<ActorId, Absence> counted = of(vault.id());
        boolean changed = counted.keySet().removeIf(actor -> !vault.inGoodStanding(actor));
        for (Map.Entry<ActorId, ActorState> each : vault.actors().entrySet()) {
            ActorId actor = each.getKey();
            if (each.getValue().device().equals(self) || !vault.inGoodStanding(actor)) {
                continue;
            }
            long sequence = each.getValue().tip().sequence();
            Absence before = counted.get(actor);
            boolean witnessed = witnesses.stream().anyMatch(other -> !other.equals(actor));
            if (before == null || before.sequence() != sequence) {
                counted.put(actor, new Absence(sequence, 0, day));
                changed = true;
            } else if (witnessed && day != before.lastDay()) {
                // Of a day that lies before the last one, a clock was wrong: neither counts.
                int more = day > before.lastDay() ? 1 : 0;
                counted.put(actor, new Absence(sequence, before.days() + more, day));
                changed = true;
            }
        }
        return changed;
    }

    /** Other members whose clock says, by a batch of theirs, that it is about the same time. */
    private static Set<ActorId> witnesses(VaultState vault, DeviceId self, long nowMillis) {
        Set<ActorId> witnesses = new TreeSet<>();
        vault.actors()
                .forEach(
                        (actor, state) -> {
                            long apart = Math.abs(nowMillis - state.stamp().millis());
                            if (!state.device().equals(self)
                                    && !state.isExcluded()
                                    && apart <= DAY_MILLIS) {
                                witnesses.add(actor);
                            }
                        });
        return witnesses;
    }

    /** Those that were absent on so many days; nobody while this device is just back itself. */
    Set<ActorId> absentFor(VaultState vault, int days, long nowMillis) {
        Set<ActorId> absent = new TreeSet<>();
        if (Math.abs(nowMillis - met) > DAY_MILLIS || Math.abs(nowMillis - back) < DAY_MILLIS) {
            return absent;
        }
        of(vault.id())
                .forEach(
                        (actor, each) -> {
                            if (each.days() >= days
                                    && vault.inGoodStanding(actor)
                                    && vault.frontier().get(actor).sequence() == each.sequence()) {
                                absent.add(actor);
                            }
                        });
        return absent;
    }

    private void write() {
        List<String> lines = new ArrayList<>();
        if (met != NEVER) {
            lines.add(MET + " " + met);
            lines.add(BACK + " " + back);
        }
        absences.forEach(
                (vault, actors) ->
                        actors.forEach(
                                (actor, each) ->
                                        lines.add(
                                                String.join(
                                                        " ",
                                                        ABSENT,
                                                        vault.bytes().toHex(),
                                                        actor.bytes().toHex(),
                                                        Long.toString(each.sequence()),
                                                        Integer.toString(each.days()),
                                                        Long.toString(each.lastDay())))));
        file.write(lines);
    }
}
