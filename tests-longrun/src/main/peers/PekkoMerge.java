import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.ORMap;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/**
 * What {@code merge.mjs} is for other libraries, for Pekko distributed data, with the same file,
 * requests and answers: {@code java PekkoMerge.java FILE BATCHES}.
 *
 * <p>Each record is an LWWMap of its own, as the Replicator would hold it under a key: one ORMap of
 * all records would go through all their keys at each delta. No Replicator and no cluster run; the
 * actor system is there for Pekko's own serializers, which ask it for its address.
 */
final class PekkoMerge {
    /** What has changed in one record, as it travels. */
    private record Sent(int author, byte[] record, int serializer, String manifest, byte[] delta) {
        int size() {
            return record.length + manifest.length() + delta.length;
        }
    }

    private final ActorSystem system =
            ActorSystem.create(
                    "bench",
                    // Stdout is for answers.
                    ConfigFactory.parseString("pekko.loglevel = OFF, pekko.stdout-loglevel = OFF")
                            .withFallback(ConfigFactory.load()));
    private final Serialization serialization = SerializationExtension.get(system);
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        PekkoMerge pekko = new PekkoMerge();
        try (Stream<String> lines = Files.lines(Path.of(arguments[0]))) {
            pekko.write(lines.limit(Integer.parseInt(arguments[1])).toList());
            pekko.answer();
        } finally {
            pekko.system.terminate();
        }
    }

    /** Each writes its batch of a round, and then all hear of those of the others. */
    private void write(List<String> lines) {
        List<Sent> unheard = new ArrayList<>();
        String round = "";
        for (String line : lines) {
            String[] words = line.split("\t", -1);
            if (!words[0].equals(round)) {
                exchange(unheard);
                round = words[0];
            }
            int author = Integer.parseInt(words[1]);
            while (replicas.size() <= author) {
                replicas.add(new Replica(replicas.size()));
            }
            for (int i = 2; i < words.length; i += 3) {
                unheard.add(replicas.get(author).write(words[i], words[i + 1], words[i + 2]));
            }
        }
        exchange(unheard);
    }

    private void exchange(List<Sent> unheard) {
        for (Sent each : unheard) {
            replicas.stream()
                    .filter(replica -> replica.number != each.author())
                    .forEach(replica -> replica.receive(each));
        }
        sent.addAll(unheard);
        unheard.clear();
    }

    private void answer() throws IOException {
        long bytes = sent.stream().mapToLong(Sent::size).sum();
        System.out.println(sent.size() + " " + bytes + " " + ActorSystem.Version());
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
        while (requests.readLine() != null) {
            Replica replica = new Replica(replicas.size());
            long began = System.nanoTime();
            sent.forEach(replica::receive);
            double millis = (System.nanoTime() - began) / 1e6;
            if (!replica.entries().equals(replicas.getFirst().entries())) {
                throw new AssertionError("not all was merged");
            }
            System.out.printf(Locale.ROOT, "%.3f%n", millis);
        }
    }

    private final class Replica {
        private final int number;
        private final SelfUniqueAddress node;
        private final Map<String, LWWMap<String, String>> records = new HashMap<>();

        Replica(int number) {
            this.number = number;
            Address address = new Address("pekko", system.name(), "localhost", 1 + number);
            this.node = new SelfUniqueAddress(new UniqueAddress(address, 1L + number));
        }

        Sent write(String record, String field, String value) {
            LWWMap<String, String> written = record(record).resetDelta().put(node, field, value);
            records.put(record, written);
            ORMap.DeltaOp delta = written.delta().get();
            Serializer serializer = serialization.findSerializerFor(delta);
            return new Sent(
                    number,
                    record.getBytes(StandardCharsets.UTF_8),
                    serializer.identifier(),
                    Serializers.manifestFor(serializer, delta),
                    serializer.toBinary(delta));
        }

        void receive(Sent sent) {
            String record = new String(sent.record(), StandardCharsets.UTF_8);
            Object delta =
                    serialization
                            .deserialize(sent.delta(), sent.serializer(), sent.manifest())
                            .get();
            records.put(record, record(record).mergeDelta((ORMap.DeltaOp) delta));
        }

        private LWWMap<String, String> record(String name) {
            return records.getOrDefault(name, LWWMap.create());
        }

        Map<String, Map<String, String>> entries() {
            Map<String, Map<String, String>> all = new HashMap<>();
            records.forEach((name, fields) -> all.put(name, fields.getEntries()));
            return all;
        }
    }
}
