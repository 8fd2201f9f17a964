package dev.loam.longrun;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One vault at some replicas, each the home of one actor; the first founds it, with all others. */
final class MergeGroup {
    static final VaultId VAULT = new VaultId(Bytes.adopt(new byte[VaultId.SIZE]));

    private final Random random;
    private final List<ActorId> actors = new ArrayList<>();
    private final List<MergeReplica> replicas = new ArrayList<>();
    private final MergeReplica.Sent founding;

    /**
     * @param random for keys, nonces and seeds
     */
    MergeGroup(int count, Random random) {
        this.random = random;
        List<Operation> controls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Bytes key = random(DeviceId.PUBLIC_KEY_SIZE);
            Bytes nonce = random(ActorId.NONCE_SIZE);
            actors.add(ActorId.of(DeviceId.of(key), VAULT, nonce));
            controls.add(
                    i == 0
                            ? new Operation.Found("main", key, nonce)
                            : new Operation.Enrol(key, nonce));
            replicas.add(new MergeReplica(VAULT));
        }
        founding = write(0, List.of(new Part("", controls)));
        exchange(List.of(founding));
    }

    /** The batch in which all were enrolled. */
    MergeReplica.Sent founding() {
        return founding;
    }

    ActorId actor(int number) {
        return actors.get(number);
    }

    MergeReplica replica(int number) {
        return replicas.get(number);
    }

    /** A batch that its author alone has so far. */
    MergeReplica.Sent write(int author, List<Part> parts) {
        return replicas.get(author).write(actors.get(author), parts, random(Batch.SEED_SIZE));
    }

    /** Gives each batch to all but its author. */
    void exchange(List<MergeReplica.Sent> batches) {
        for (MergeReplica.Sent batch : batches) {
            for (int i = 0; i < actors.size(); i++) {
                if (!actors.get(i).equals(batch.id().actor())) {
                    replicas.get(i).receive(batch);
                }
            }
        }
    }

    private Bytes random(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }
}
