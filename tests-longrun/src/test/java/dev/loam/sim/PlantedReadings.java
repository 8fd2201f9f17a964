package dev.loam.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads that lie as a faulty store would. */
final class PlantedReadings {
    private record Place(int device, String key) {
        static Place of(Device device, String key) {
            return new Place(device.number(), key);
        }
    }

    private PlantedReadings() {}

    static Reading winnerByArrival(Reading honest) {
        Map<Place, List<String>> arrived = new HashMap<>();
        return (device, key) -> {
            List<String> order =
                    arrived.computeIfAbsent(Place.of(device, key), place -> new ArrayList<>());
            return honest.read(device, key)
                    .map(
                            shown -> {
                                TreeMap<String, List<String>> siblings = new TreeMap<>();
                                shown.siblings()
                                        .forEach(
                                                (field, values) ->
                                                        siblings.put(
                                                                field, lastFirst(values, order)));
                                return new Reading.Shown(siblings, shown.tags(), shown.totals());
                            });
        };
    }

    private static List<String> lastFirst(List<String> values, List<String> order) {
        values.stream().filter(value -> !order.contains(value)).forEach(order::add);
        List<String> sorted = new ArrayList<>(values);
        sorted.sort((a, b) -> Integer.compare(order.indexOf(b), order.indexOf(a)));
        return sorted;
    }

    static Reading deleteForgotten(Reading honest) {
        Map<Place, Reading.Shown> last = new HashMap<>();
        return (device, key) -> {
            Place place = new Place(device.number(), key);
            Optional<Reading.Shown> shown = honest.read(device, key);
            shown.ifPresent(each -> last.put(place, each));
            return shown.or(() -> Optional.ofNullable(last.get(place)));
        };
    }

    static Reading siblingDropped(Reading honest) {
        return (device, key) ->
                honest.read(device, key)
                        .map(
                                shown -> {
                                    TreeMap<String, List<String>> siblings = new TreeMap<>();
                                    shown.siblings()
                                            .forEach(
                                                    (field, values) ->
                                                            siblings.put(
                                                                    field, values.subList(0, 1)));
                                    return new Reading.Shown(
                                            siblings, shown.tags(), shown.totals());
                                });
    }

    static Reading resetForgotten(Reading honest) {
        Map<Place, SortedMap<String, Long>> last = new HashMap<>();
        return (device, key) -> {
            SortedMap<String, Long> counters =
                    last.computeIfAbsent(Place.of(device, key), place -> new TreeMap<>());
            return honest.read(device, key)
                    .map(
                            shown -> {
                                counters.putAll(shown.totals().counters());
                                return with(
                                        shown,
                                        new Content.Totals(
                                                new TreeMap<>(counters),
                                                shown.totals().logs(),
                                                shown.totals().maxima(),
                                                shown.totals().minima()));
                            });
        };
    }

    static Reading entriesByArrival(Reading honest) {
        Map<Place, List<String>> arrived = new HashMap<>();
        return (device, key) -> {
            List<String> order =
                    arrived.computeIfAbsent(Place.of(device, key), place -> new ArrayList<>());
            return honest.read(device, key)
                    .map(
                            shown -> {
                                TreeMap<String, List<String>> logs = new TreeMap<>();
                                shown.totals()
                                        .logs()
                                        .forEach(
                                                (log, lines) ->
                                                        logs.put(
                                                                log,
                                                                lastFirst(lines, order)
                                                                        .reversed()));
                                return with(
                                        shown,
                                        new Content.Totals(
                                                shown.totals().counters(),
                                                logs,
                                                shown.totals().maxima(),
                                                shown.totals().minima()));
                            });
        };
    }

    private static Reading.Shown with(Reading.Shown shown, Content.Totals totals) {
        return new Reading.Shown(shown.siblings(), shown.tags(), totals);
    }
}
