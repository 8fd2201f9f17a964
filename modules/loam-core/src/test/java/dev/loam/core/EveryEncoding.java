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
        for (String name : NAMES) {
            b.set(name, name, "of b");
            c.set(name, name, "of c");
            b.append(name, name, "entry");
            c.append(name, name, name);
            b.max(name, name, 1);
            c.min(name, name, 1);
        }
        c.write("I", new Operation.Unknown(0x0f, Bytes.ofUtf8("newer")));
        c.truncate("i", "i", 0);
        b.reset("i", "i");
        b.untag("z", "z");
        b.delete("z");
        c.remove("\u0131");
        c.purge("\u00df");
        settle(members);
        a.set("I", "I", "behind the cut");
        a.suspend(c);
        a.delete("i");

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
