"""The peer of the end-to-end bench: a Python service that does the same job with the same model on the same topic.

It consumes JSON records, encodes and normalises them as the stored model says, scores them with the same weights (TorchScript, frozen and
optimised for inference), compares with the same threshold, publishes one alert with the five largest contributions for each anomaly and
commits offsets. One application thread, the usual libraries: confluent_kafka, json, numpy, torch.

What makes it quick is kept: records are taken 5,000 at a time (measured: 1,000 at a time cost up to half as much again
a record, 10,000 gain nothing), JSON is decoded by a decoder that is created once (json.loads on bytes guesses the
encoding first, which costs more), values go straight into one numpy array, timestamps are parsed by numpy for the whole batch, the
garbage collector does not walk what start-up left behind, and OPENBLAS_CORETYPE names the kernels that are quickest on the processor.

usage: python_peer.py --bootstrap HOST:PORT --topic TOPIC --alerts TOPIC --group GROUP --records N --warm N --model FOLDER
       python_peer.py --time-network        prints the nanoseconds a row of the network takes
The last line printed is one JSON object.
"""
import argparse
import gc
import hashlib
import itertools
import json
import operator
import os
import struct
import sys
import time

import confluent_kafka
import numpy as np
import torch

BATCH = 5000
WIDTHS = [30, 64, 32, 16, 32, 64, 30]
COMMIT_RECORDS = 5_000
COMMIT_SECONDS = 0.2
TOP_FEATURES = 5


def network(encoder, decoder):
    """Builds the network from (weight, bias) pairs and compiles it for batches: tanh bounds the code, the output is linear, ReLU elsewhere."""
    layers = encoder + decoder
    parts = []
    for index, (weight, bias) in enumerate(layers):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight))
            linear.bias.copy_(torch.from_numpy(bias))
        parts.append(linear)
        if index < len(layers) - 1:
            parts.append(torch.nn.Tanh() if index == len(encoder) - 1 else torch.nn.ReLU())
    model = torch.nn.Sequential(*parts).eval()
    traced = torch.jit.freeze(torch.jit.trace(model, torch.rand(BATCH, layers[0][0].shape[1])))
    return torch.jit.optimize_for_inference(traced)


def read_tensors(path):
    """Reads a safetensors file."""
    with open(path, "rb") as file:
        content = file.read()
    length, = struct.unpack("<Q", content[:8])
    data = content[8 + length:]
    tensors = {}
    for name, entry in json.loads(content[8:8 + length]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(data[first:end], dtype="<f4").reshape(entry["shape"]).copy()
    return tensors


class Model:
    """Encodes and scores batches of records as the stored model version says."""

    def __init__(self, folder):
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)["manifest"]
        tensors = read_tensors(os.path.join(folder, "weights.safetensors"))
        encoder, decoder = ([(tensors[f"{side}.{index}.weight"], tensors[f"{side}.{index}.bias"])
                             for index in range(len(tensors)) if f"{side}.{index}.weight" in tensors] for side in ("encoder", "decoder"))
        self.widths = [encoder[0][0].shape[1]] + [weight.shape[0] for weight, _ in encoder + decoder]
        self.network = network(encoder, decoder)
        self.version = manifest["version"]
        self.threshold = manifest["threshold"]["value"]

        timestamp, *numbers = manifest["encoder"]["fields"]
        if timestamp["transform"] != "timestamp" or any(field["transform"] not in ("standard", "constant") for field in numbers):
            sys.exit("the model's fields must be one timestamp and then standardised numbers")
        self.timestamp = timestamp["field"]
        self.names = [field["field"] for field in numbers]
        self.center = np.array([field["center"] for field in numbers])
        self.scale = np.array([field["scale"] for field in numbers])
        self.bound = np.array([10.0 if field["transform"] == "constant" else 1000.0 for field in numbers])
        weights = tensors["loss.block_weights"]
        self.weights = torch.from_numpy(np.concatenate([np.repeat(weights[:1], 4), weights[1:]]))

    def encode(self, timestamps, numbers):
        """Gives the features of a batch, float32 [records, 30]."""
        rows = np.empty((len(timestamps), self.widths[0]), dtype=np.float32)
        seconds = np.array(timestamps, dtype="datetime64[ms]").astype(np.int64) / 1000.0
        day = np.floor(seconds / 86400.0)
        hour_angle = (seconds - day * 86400.0) * (2 * np.pi / 86400.0)
        week_angle = ((day + 4) % 7) * (2 * np.pi / 7)
        rows[:, 0] = np.sin(hour_angle)
        rows[:, 1] = np.cos(hour_angle)
        rows[:, 2] = np.sin(week_angle)
        rows[:, 3] = np.cos(week_angle)
        rows[:, 4:] = np.clip((numbers - self.center) / self.scale, -self.bound, self.bound)
        return rows

    def score(self, rows):
        """Gives the scores and the squared errors."""
        with torch.inference_mode():
            batch = torch.from_numpy(rows)
            errors = self.network(batch).sub_(batch).square_()
            return torch.mv(errors, self.weights).numpy(), errors


def alert(model, message, record, score, errors):
    """Writes the alert of one anomaly."""
    contributions = (errors * model.weights).numpy()
    fields = [float(contributions[:4].sum())] + contributions[4:].tolist()
    largest = sorted(range(len(fields)), key=fields.__getitem__, reverse=True)[:TOP_FEATURES]
    names = [model.timestamp] + model.names
    position = f"{message.topic()}/{message.partition()}/{message.offset()}"
    return json.dumps({
        "id": hashlib.sha256(f"{model.version}/{position}".encode()).hexdigest(),
        "entity": record["account"],
        "event_time": record[model.timestamp],
        "score": score,
        "threshold": model.threshold,
        "ratio": score / model.threshold,
        "model": model.version,
        "features": [{"name": names[i], "value": record[names[i]], "share": fields[i] / score} for i in largest],
    })


def serve(arguments):
    model = Model(arguments.model)
    if model.widths != WIDTHS:
        sys.exit(f"the network is {model.widths}, not {WIDTHS}")
    common = {"bootstrap.servers": arguments.bootstrap}
    consumer = confluent_kafka.Consumer({
        **common, "group.id": arguments.group, "enable.auto.commit": False, "auto.offset.reset": "earliest",
        "partition.assignment.strategy": "cooperative-sticky", "fetch.wait.max.ms": 10, "session.timeout.ms": 6000, "heartbeat.interval.ms": 500,
        "queued.min.messages": 200000, "queued.max.messages.kbytes": 262144})
    producer = confluent_kafka.Producer({**common, "linger.ms": 2, "acks": "all", "enable.idempotence": True})
    consumer.subscribe([arguments.topic])

    decode = json.JSONDecoder().raw_decode
    numbers_of = operator.itemgetter(*model.names)
    timestamp = model.timestamp
    count = anomalies = warm = 0
    wall = thread = process = 0.0
    committed_count, committed_at = 0, time.perf_counter()
    delivered = [0]

    def on_delivery(error, _):
        if error is not None:
            sys.exit(f"an alert was refused: {error}")
        delivered[0] += 1

    gc.collect()
    gc.freeze()
    while count < arguments.records:
        messages = [message for message in consumer.consume(BATCH, 1.0) if message.error() is None]
        if not messages:
            continue
        records = [decode(message.value().decode())[0] for message in messages]
        # numpy reads timestamps without a zone; these are UTC and end in Z.
        timestamps = [record[timestamp][:-1] for record in records]
        numbers = np.fromiter(
            itertools.chain.from_iterable(map(numbers_of, records)), np.float64, len(records) * len(model.names)).reshape(len(records), -1)
        scores, errors = model.score(model.encode(timestamps, numbers))
        for row in np.flatnonzero(~(scores <= model.threshold)):
            anomalies += 1
            value = alert(model, messages[row], records[row], float(scores[row]), errors[row])
            producer.produce(arguments.alerts, key=records[row]["account"], value=value, on_delivery=on_delivery)
        producer.poll(0)

        count += len(messages)
        now = time.perf_counter()
        if count - committed_count >= COMMIT_RECORDS or now - committed_at >= COMMIT_SECONDS:
            consumer.commit(asynchronous=True)
            committed_count, committed_at = count, now
        if warm == 0 and count >= arguments.warm:
            warm, wall, thread, process = count, time.perf_counter(), time.thread_time(), time.process_time()

    wall, thread, process = time.perf_counter() - wall, time.thread_time() - thread, time.process_time() - process
    producer.flush()
    try:
        consumer.commit(asynchronous=False)
    except confluent_kafka.KafkaException as exception:
        # The last commit of the loop may have carried everything.
        if exception.args[0].code() != confluent_kafka.KafkaError._NO_OFFSET:
            raise
    partitions = consumer.committed(consumer.assignment())
    consumer.close()
    measured = count - warm
    return {
        "records": measured, "wall_seconds": wall, "thread_seconds": thread, "process_seconds": process, "total": count, "anomalies": anomalies,
        "published": delivered[0], "committed": sum(max(partition.offset, 0) for partition in partitions), "versions": versions()}


def versions():
    return (f"Python {sys.version.split()[0]}, confluent_kafka {confluent_kafka.version()[0]} (librdkafka {confluent_kafka.libversion()[0]}), "
            f"numpy {np.__version__}, torch {torch.__version__}, OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE', '')}")


def time_network():
    layers = [(np.random.rand(after, before).astype(np.float32), np.zeros(after, np.float32)) for before, after in zip(WIDTHS, WIDTHS[1:])]
    model, batch, best = network(layers[:3], layers[3:]), torch.rand(BATCH, WIDTHS[0]), float("inf")
    with torch.inference_mode():
        for turn in range(200):
            started = time.thread_time()
            model(batch)
            best = min(best, time.thread_time() - started) if turn >= 20 else best
    return {"nanoseconds": best / BATCH * 1e9, "versions": versions()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap")
    parser.add_argument("--topic")
    parser.add_argument("--alerts")
    parser.add_argument("--group")
    parser.add_argument("--records", type=int)
    parser.add_argument("--warm", type=int)
    parser.add_argument("--model")
    parser.add_argument("--time-network", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(json.dumps(time_network() if arguments.time_network else serve(arguments)), flush=True)


if __name__ == "__main__":
    main()
