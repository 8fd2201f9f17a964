package dev.loam.json;

import dev.loam.Inbox;
import dev.loam.Page;

/** The inbox of a vault as JSON. */
public final class InboxJson {
    private InboxJson() {}

    /** A page; {@code next} is the key to go on after. */
    public static JsonObject entries(Inbox.Entries page) {
        return JsonObject.builder()
                .put("entries", page.entries().stream().map(InboxJson::entry).toList())
                .putIfPresent("next", page.next().map(Page.Cursor::after))
                .build();
    }

    private static JsonObject entry(Inbox.Entry entry) {
        JsonObject.Builder object =
                JsonObject.builder()
                        .put("id", entry.id())
                        .put("key", entry.key())
                        .put("what", entry.what())
                        .putIfPresent("field", entry.field());
        entry.mine().ifPresent(value -> object.put("mine", MemoryJson.write(value)));
        entry.theirs().ifPresent(value -> object.put("theirs", MemoryJson.write(value)));
        return object.put("time", entry.time()).build();
    }

    /** The entry that was settled. */
    public static JsonObject resolved(String id) {
        return JsonObject.builder().put("resolved", id).build();
    }
}
