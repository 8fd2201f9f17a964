package dev.loam.core;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of one fixed history, in which all kinds of operations occur and names that languages
 * and encodings treat differently: everything that the same operations must give on every machine.
 */
final class EveryEncoding {
    private static final List<String> NAMES =
            List.of("I", "i", "\u0130", "\u0131", "\u00df", "SS", "\u00e4", "z", "\ud83d\ude00");

    private EveryEncoding() {}

    /** Prints them, a name and its bytes a line, and by what settings they came to be. */
    public static void main(String[] arguments) {
        of().forEach((name, bytes) -> System.out.println(name + " " + bytes));
        System.out.println("locale " + Locale.getDefault().toLanguageTag());
        System.out.println("zone " + java.util.TimeZone.getDefault().getID());
    }

    static SortedMap<String, String> of() {
        List<Replica> members = Replica.members(3);
        Replica a = members.get(0);
        Replica b = members.get(1);
        Replica c = members.get(2);
        for (String name : NAMES) {
            a.put(name, name, name);
            b.tag(name, name);
            c.embed(name, name, 1);
            b.increment(name, name, 1);
        }
        b.syncFrom(a);
        c.syncFrom(b);
        writeApart(b, c);
        settle(members);
        b.syncFrom(a);
        c.syncFrom(a);
        writeApart(c, b);
        a.syncFrom(b);
        a.syncFrom(c);
        a.suspend(c);

        SortedMap<String, String> encoded = new TreeMap<>();
        a.log().forEach(batch -> encoded.put("batch " + batch.id(), batch.encoded().toHex()));
        a.bytes().forEach((key, state) -> encoded.put("state " + hex(key), state.toHex()));
        a.records()
                .forEach(
                        (key, state) ->
                                encoded.put(
                                        "content " + hex(key),
                                        state.contentHash(new RecordId(Device.VAULT, key))
                                                .toHex()));
        encoded.put("digest", a.vault().digest().toHex());
        return encoded;
    }

    /** All kinds of operations, by two who do not hear of each other. */
    private static void writeApart(Replica one, Replica other) {
        for (String name : NAMES) {
            one.set(name, name, "of one");
            other.set(name, name, "of the other");
            one.append(name, name, "entry");
            other.append(name, name, name);
            one.increment(name, name, 1);
            other.increment(name, name, 2);
            one.max(name, name, 1);
            other.min(name, name, 1);
            one.tag(name, "red");
            other.tag(name, "red");
            one.embed(name, name, 2);
            other.embed(name, name, 3);
        }
        other.write("I", new Operation.Unknown(0x0f, Bytes.ofUtf8("newer")));
        other.truncate("i", "i", 0);
        one.reset("i", "i");
        one.untag("z", "red");
        one.delete("z");
        other.delete("z");
        other.remove("\u0131");
        one.remove("\u0131");
        other.purge("\u00df");
    }

    private static void settle(List<Replica> members) {
        exchange(members);
        members.forEach(Replica::ack);
        exchange(members);
        members.getFirst().cut();
    }

    private static void exchange(List<Replica> members) {
        for (int round = 0; round < 2; round++) {
            for (Replica to : members) {
                members.forEach(to::syncFrom);
            }
        }
    }

    private static String hex(String key) {
        return Bytes.ofUtf8(key).toHex();
    }
}
