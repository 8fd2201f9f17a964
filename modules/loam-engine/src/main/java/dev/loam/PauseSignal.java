package dev.loam;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ends sync sessions in an orderly way, as {@code PAUSED}. Any thread. */
public final class PauseSignal {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean given;

    /** Ends the sessions that were started with this signal, and those that will be. */
    public void pause() {
        given = true;
        listeners.forEach(Runnable::run);
    }

    boolean isGiven() {
        return given;
    }

    void add(Runnable listener) {
        listeners.add(listener);
    }

    void remove(Runnable listener) {
        listeners.remove(listener);
    }
}
