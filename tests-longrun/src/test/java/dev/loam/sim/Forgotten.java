package dev.loam.sim;

import dev.loam.ForgetStatus;
import dev.loam.SimulatedStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Looks on the disks of devices for what was forgotten. A device that knows of a forgetting, and
 * does not say that it is still at it, has nothing of that, wherever it came from and in whatever
 * form; nor has any that another believes to have nothing.
 */
final class Forgotten {
    private final Model model;
    private final Homecomings homecomings;
    private final Counts counts;

    /** Where each device stood when its disk was last looked through. */
    private record Looked(int life, SortedMap<String, Long> frontier) {}

    private final Map<Integer, Looked> looked = new HashMap<>();

    Forgotten(Model model, Homecomings homecomings, Counts counts) {
        this.model = model;
        this.homecomings = homecomings;
        this.counts = counts;
    }

    /** To be called whenever a store may have come to an end with what it has to forget. */
    void check(Device device) {
        SimulatedStore store = device.store();
        SortedMap<String, Long> frontier = store.frontier();
        if (store.isForgetting()
                || !model.hasForgotten()
                || new Looked(device.life(), frontier)
                        .equals(looked.put(device.number(), new Looked(device.life(), frontier)))) {
            return;
        }
        Set<String> gone = model.gone(model.known(frontier));
        if (!gone.isEmpty()) {
            counts.fault("disk looked through");
            checkHasNot(device, gone);
        }
        if (device.isSealed()) {
            Optional<String> found = new DiskSearch(model.canaries()).below(device.disk().store());
            Violation.unless(
                    found.isEmpty(),
                    "on the disk of device %d, sealed, %s",
                    device.number(),
                    found);
        }
    }

    /** Who begins anew takes what others have, and forgets again what they have not heard of. */
    private void checkHasNot(Device device, Set<String> gone) {
        DiskSearch search = new DiskSearch(gone);
        search.below(device.disk().store())
                .ifPresent(
                        found -> {
                            throw new Violation(
                                    "device %d forgot something, and its file %s"
                                            .formatted(device.number(), found));
                        });
        boolean isToBeginAnew = device.store().wantsSnapshot();
        device.store()
                .forEachPlain(
                        (place, content) ->
                                Violation.unless(
                                        search.in(content.toArray()).isEmpty()
                                                || (isToBeginAnew && place.equals("snapshot")),
                                        "device %d forgot something, and its %s has %s",
                                        device.number(),
                                        place,
                                        search.in(content.toArray())));
    }

    /** In the end: nobody is still at it, and whom the others believe that they have is clean. */
    void checkReceipts(Collection<Device> remaining) {
        for (Device device : remaining) {
            Violation.unless(
                    !device.store().isForgetting(), "device %d does not finish", device.number());
            check(device);
            for (ForgetStatus.Device status : device.store().forgetStatus()) {
                Optional<Device> other =
                        remaining.stream()
                                .filter(each -> each.id().equals(status.id()))
                                .findFirst();
                other.filter(each -> status.hasErased())
                        .ifPresent(each -> checkIsTrue(device, each));
            }
        }
    }

    /**
     * Who was put back or has begun anew may have again what it had erased; and who has taken a
     * snapshot knows of no receipt that others had before.
     */
    private void checkIsTrue(Device teller, Device told) {
        if (told.wasRestored()
                || homecomings.mayRewrite(told)
                || teller.store().snapshotTaken().isPresent()) {
            return;
        }
        Set<String> gone = model.gone(model.known(teller.store().frontier()));
        if (!gone.isEmpty()) {
            counts.fault("receipt checked");
            checkHasNot(told, gone);
        }
    }

    /** What a device tells of others while these go on. */
    void checkReceipts(Device teller, List<Device> all) {
        if (!model.hasForgotten()) {
            return;
        }
        for (ForgetStatus.Device status : teller.store().forgetStatus()) {
            all.stream()
                    .filter(each -> each != teller && each.isUp())
                    .filter(each -> status.hasErased() && each.id().equals(status.id()))
                    .forEach(each -> checkIsTrue(teller, each));
        }
    }
}
