package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import dev.loam.sync.Terms;
import java.util.Set;

/** What a sync session may ask of a store: who is in, what is held, reading, applying. */
final class SyncExchange {
    private final SyncOptions options;
    private final PeerEnrolment enrolment;
    private final SyncSummaries summaries;
    private final BatchReader reader;
    private final BatchIntake intake;

    SyncExchange(Store store, DeviceId peer, SyncOptions options) {
        this.options = options;
        this.enrolment = new PeerEnrolment(store, peer, options);
        this.summaries = new SyncSummaries(store, peer, options);
        this.reader = new BatchReader(store);
        this.intake = new BatchIntake(store, peer);
    }

    /** Lets the paired device into every vault, of those chosen, that it is not in yet. */
    void letPeerIn() {
        enrolment.letPeerIn();
    }

    /** The vaults that the peer is in, as they are durable now. */
    SyncInput started() {
        Terms.Mode mode =
                switch (options.duration()) {
                    case UNTIL_DONE -> Terms.Mode.ONCE;
                    case LIVE -> Terms.Mode.LIVE;
                };
        Terms.Scope scope = options.vaults().isPresent() ? Terms.Scope.LISTED : Terms.Scope.ALL;
        return new SyncInput.Started(
                summaries.durable(), new Terms(mode, scope, options.bytesMax()));
    }

    /** The same again, with what came since. */
    SyncInput news() {
        letPeerIn();
        return new SyncInput.News(summaries.durable());
    }

    SyncInput measure(SyncEffect.Measure measure) {
        return reader.measure(measure);
    }

    SyncInput read(SyncEffect.Read read) {
        return reader.read(read);
    }

    /** The vaults in which a cut had to wait that only a snapshot can bring. */
    Set<VaultId> uncheckable() {
        return intake.uncheckable();
    }

    SyncInput apply(SyncEffect.Apply apply) {
        return intake.apply(apply);
    }
}
