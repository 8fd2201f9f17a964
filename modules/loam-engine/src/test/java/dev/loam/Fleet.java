package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.VaultState;
import dev.loam.log.OpLog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Whole stores on one clock that stands still until it is moved, all in one vault. */
final class Fleet implements AutoCloseable {
    static final long MINUTE_MILLIS = 60_000;
    static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

    private final SettableClock clock = new SettableClock(1_760_000_000_000L);
    private final AtomicLong elapsedMillis = new AtomicLong();
    private final List<Loam> devices = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();
    private Path directory = Path.of("");

    /** All are paired with all, are in the vault "main", and have acknowledged who is in it. */
    void begin(Path at, int count) throws Exception {
        directory = at;
        for (int i = 0; i < count; i++) {
            add();
        }
        put(0, "k", "first");
        syncAll();
        // Some were let in by several others, and leave as all but one.
        acknowledgeAll();
        acknowledgeAll();
    }

    /** One more device, which is paired with all and has met nobody. */
    int add() {
        int number = devices.size();
        open(number, clock);
        for (int other = 0; other < number; other++) {
            PairedStores.pair(devices.get(other), devices.get(number));
        }
        return number;
    }

    private void open(int number, SettableClock at) {
        Path place = directory.resolve("device" + number);
        LoamOptions options = LoamOptions.unencrypted().clock(at);
        Environment environment =
                new Environment(
                        at,
                        new SecureRandom(),
                        () -> elapsedMillis.get() * 1_000_000,
                        System::nanoTime);
        Store store = Store.open(place, options, environment, OpLog::open);
        stores.add(number, store);
        devices.add(number, Loam.of(place, store, options));
    }

    void reopen(int number) {
        reopen(number, clock);
    }

    /** With a clock of its own. */
    void reopen(int number, SettableClock at) {
        device(number).close();
        devices.remove(number);
        stores.remove(number);
        open(number, at);
    }

    SettableClock clock() {
        return clock;
    }

    Loam device(int number) {
        return devices.get(number);
    }

    Store store(int number) {
        return stores.get(number);
    }

    VaultState vault(int number) {
        return stores.get(number).state().named("main").orElseThrow();
    }

    ActorId own(int number) {
        return stores.get(number).ownActors().in(vault(number)).orElseThrow();
    }

    long batches(int number) {
        return stores.get(number).log().end().number();
    }

    void pass(long millis) {
        clock.advance(millis);
        elapsedMillis.addAndGet(millis);
    }

    void put(int number, String key, String text) {
        device(number).vault("main").put(Memory.of(text).key(key));
    }

    SyncReport sync(int one, int other) throws Exception {
        SyncReport report = PairedStores.sync(device(one), device(other));
        assertThat(report.reason()).isEqualTo("DONE");
        return report;
    }

    /** Each with each, until nobody has news for another. */
    void syncAll() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (int other = 0; other < devices.size(); other++) {
                for (int one = 0; one < other; one++) {
                    sync(one, other);
                }
            }
        }
    }

    void tidyAll() {
        devices.forEach(Loam::tidy);
    }

    /** Time passes, everybody says what he has, and everybody hears it. */
    void acknowledgeAll() throws Exception {
        pass(MINUTE_MILLIS);
        tidyAll();
        syncAll();
    }

    @Override
    public void close() {
        devices.forEach(Loam::close);
    }
}
