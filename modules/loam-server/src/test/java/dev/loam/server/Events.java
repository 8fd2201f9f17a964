package dev.loam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Peer;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a server told, in order. */
final class Events implements PeerListener {
    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    record Refused(String address, ErrorCode code, String why) {}

    @Override
    public void paired(Peer peer) {
        told.add(peer);
    }

    @Override
    public void synced(SyncReport report) {
        told.add(report);
    }

    @Override
    public void refused(String address, ErrorCode code, String why) {
        told.add(new Refused(address, code, why));
    }

    /** Waits for the next event, which must be of that type. */
    <T> T next(Class<T> type) throws InterruptedException {
        Object event = told.poll(30, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }

    Refused nextRefused(ErrorCode code) throws InterruptedException {
        Refused refused = next(Refused.class);
        assertThat(refused.code()).as(refused.why()).isEqualTo(code);
        return refused;
    }
}
