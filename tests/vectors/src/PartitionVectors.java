import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Prints one line per key: the key, a tab, and its partition among 1, 2, ... 64 partitions. */
public final class PartitionVectors {
    private static final int MOST_PARTITIONS = 64;

    public static void main(String[] args) {
        for (String key : keys()) {
            System.out.println(key + "\t" + partitions(key));
        }
    }

    private static String partitions(String key) {
        return IntStream.rangeClosed(1, MOST_PARTITIONS)
            .map(n -> BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), n))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "));
    }

    /** Every length that a name may have (all remainders by four), and names as people choose them. */
    private static List<String> keys() {
        String alphabet = "aZ09._:-bY18._:-cX27._:-dW36._:-eV45._:-fU54._:-gT63._:-hS72._:-";
        List<String> keys = new ArrayList<>();
        for (int length = 1; length <= alphabet.length(); length++) {
            keys.add(alphabet.substring(0, length));
        }
        keys.addAll(List.of("alice", "bob", "A", "Z", "0", "9", "sku-1", "user:42", "acc-1", "acc-2"));
        for (int i = 0; i < 100; i++) {
            keys.add("account-" + (long) i * i * i * 7919);
        }
        return keys;
    }
}
