package dev.loam.sim;

import dev.loam.core.DeviceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who was revoked, and by which batch. A device that somebody tried to revoke may be out: in the
 * end it is, if any other refuses it. What it holds it keeps, what it wrote afterwards and nobody
 * has is its own affair.
 */
final class Revocations {
    /**
     * One that was acknowledged.
     *
     * @param by the number of the device that revoked
     * @param actor as which it did
     */
    private record Revocation(int revoked, int by, String actor, long sequence) {}

    private final SortedSet<Integer> tried = new TreeSet<>();
    private final List<Revocation> acknowledged = new ArrayList<>();

    void attempt(Device revoked) {
        tried.add(revoked.number());
    }

    /** Whether others may refuse the device. */
    boolean mayBeRefused(Device device) {
        return tried.contains(device.number());
    }

    /** Of the batch that the revoking device wrote nothing is known but that it is its last. */
    void acknowledge(Device revoked, Device by, SortedMap<String, Long> before) {
        by.store()
                .frontier()
                .forEach(
                        (actor, sequence) -> {
                            if (sequence > before.getOrDefault(actor, 0L)) {
                                acknowledged.add(
                                        new Revocation(
                                                revoked.number(), by.number(), actor, sequence));
                            }
                        });
    }

    /** A device lost its unforced last batches, of which nobody else may know. */
    void forgetAfter(String actor, long sequence) {
        acknowledged.removeIf(each -> each.actor().equals(actor) && each.sequence() > sequence);
    }

    /** A device was put back, and has forgotten whom it revoked since. */
    void restored(Device device, SortedMap<String, Long> frontier) {
        acknowledged.removeIf(
                each ->
                        each.by() == device.number()
                                && each.sequence() > frontier.getOrDefault(each.actor(), 0L));
    }

    /**
     * Those of these devices, all of them up, that nobody refuses but who is itself refused by one
     * of them. Of two that refuse each other, and of whom nobody else thinks anything, none.
     */
    List<Device> remaining(List<Device> devices) {
        Set<Device> remaining = new HashSet<>();
        Set<Device> out = new HashSet<>();
        boolean hasGrown = true;
        while (hasGrown) {
            devices.stream().filter(device -> isRefused(device, remaining)).forEach(out::add);
            List<Device> others = devices.stream().filter(each -> !out.contains(each)).toList();
            hasGrown =
                    others.stream()
                            .filter(device -> !isRefused(device, others))
                            .map(remaining::add)
                            .reduce(false, Boolean::logicalOr);
        }
        return devices.stream().filter(remaining::contains).toList();
    }

    private boolean isRefused(Device device, Collection<Device> by) {
        return mayBeRefused(device)
                && by.stream()
                        .anyMatch(other -> other != device && other.store().refuses(device.id()));
    }

    /**
     * In the end: who revoked and was not revoked itself is obeyed by all, and so is whatever
     * stands in a batch that they have.
     */
    void check(List<Device> devices, List<Device> remaining) {
        if (remaining.isEmpty()) {
            return;
        }
        SortedMap<String, Long> frontier = remaining.getFirst().store().frontier();
        SortedSet<Integer> out = new TreeSet<>();
        for (Revocation each : acknowledged) {
            boolean isKnown = frontier.getOrDefault(each.actor(), 0L) >= each.sequence();
            if (isKnown || remaining.contains(devices.get(each.by()))) {
                out.add(each.revoked());
            }
        }
        for (int revoked : out) {
            DeviceId id = devices.get(revoked).id();
            for (Device device : remaining) {
                Violation.unless(
                        device.store().loam().isRevoked(id),
                        "device %d was revoked, and device %d does not know it",
                        revoked,
                        device.number());
            }
        }
    }

    /** How many were shut out. */
    int count(List<Device> remaining) {
        TreeMap<Integer, Boolean> gone = new TreeMap<>();
        tried.forEach(each -> gone.put(each, true));
        remaining.forEach(device -> gone.remove(device.number()));
        return gone.size();
    }
}
