"""Records what the Python reference server (openai-chatkit) answers, as server vectors.

    python record.py FOLDER          fills in the answers of the vectors in FOLDER/server
    python record.py --check FOLDER  says which of them would come out differently

A new case is a vector without "expect" and "final". Ids are counted, the clock stands still,
and the store is a set of plain maps, so that a recording can be repeated to the byte.
Needs openai-chatkit 1.6.5.
"""

import asyncio
import copy
import datetime
import json
import logging
import pathlib
import sys

import chatkit.server
from chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit.store import AttachmentStore, NotFoundError, Store
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata, ThreadStatus, ThreadStreamEvent
from pydantic import TypeAdapter

logging.disable(logging.CRITICAL)


class StillClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime(2026, 1, 2, 3, 4, 5)


chatkit.server.datetime = StillClock

PREFIXES = {
    "thread": "thr", "message": "msg", "tool_call": "tc", "workflow": "wf", "task": "tsk",
    "attachment": "atc", "sdk_hidden_context": "shcx",
}


def read(kind, value):
    return TypeAdapter(kind).validate_python(copy.deepcopy(value))


class MapStore(Store):
    """Keeps threads and items in the order in which they came."""

    def __init__(self):
        self.threads, self.items, self.attachments, self.counts = {}, {}, {}, {}

    def next_id(self, kind):
        prefix = PREFIXES[kind]
        self.counts[prefix] = self.counts.get(prefix, 0) + 1
        return f"{prefix}_gen{self.counts[prefix]:04d}"

    def generate_thread_id(self, context):
        return self.next_id("thread")

    def generate_item_id(self, item_type, thread, context):
        return self.next_id(item_type)

    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread, context):
        fields = {k: v for k, v in thread.model_dump().items() if k != "items"}
        self.threads[thread.id] = ThreadMetadata.model_validate(fields)

    async def load_threads(self, limit, after, order, context):
        return self.page(self.threads.values(), after, limit, order)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        return self.page(self.items.get(thread_id, {}).values(), after, limit, order)

    def page(self, values, after, limit, order):
        values = list(values)
        if order == "desc":
            values.reverse()
        if after:
            ids = [v.id for v in values]
            if after not in ids:
                raise NotFoundError(after)
            values = values[ids.index(after) + 1 :]
        data = [v.model_copy(deep=True) for v in values[:limit]]
        more = len(values) > limit
        return Page(data=data, has_more=more, after=data[-1].id if more and data else None)

    async def add_thread_item(self, thread_id, item, context):
        self.items.setdefault(thread_id, {})[item.id] = item.model_copy(deep=True)

    async def save_item(self, thread_id, item, context):
        await self.add_thread_item(thread_id, item, context)

    async def load_item(self, thread_id, item_id, context):
        if item_id not in self.items.get(thread_id, {}):
            raise NotFoundError(item_id)
        return self.items[thread_id][item_id].model_copy(deep=True)

    async def delete_thread(self, thread_id, context):
        self.threads.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def delete_thread_item(self, thread_id, item_id, context):
        self.items.get(thread_id, {}).pop(item_id, None)

    async def save_attachment(self, attachment, context):
        self.attachments[attachment.id] = attachment.model_copy(deep=True)

    async def load_attachment(self, attachment_id, context):
        if attachment_id not in self.attachments:
            raise NotFoundError(attachment_id)
        return self.attachments[attachment_id].model_copy(deep=True)

    async def delete_attachment(self, attachment_id, context):
        self.attachments.pop(attachment_id, None)


class Files(AttachmentStore):
    def __init__(self):
        self.deleted, self.exchange = [], None

    async def create_attachment(self, input, context):
        return read(Attachment, self.exchange["create_attachment"])

    async def delete_attachment(self, attachment_id, context):
        self.deleted.append(attachment_id)


class Author(chatkit.server.ChatKitServer):
    """Does what the exchange says, and notes what it was given."""

    def begin(self, exchange, options):
        self.exchange, self.options = exchange, options
        self.seen, self.feedback, self.leave = [], [], asyncio.Event()

    async def play(self, thread, steps):
        for step in steps:
            if "emit" in step:
                yield read(ThreadStreamEvent, step["emit"])
            elif "set_thread" in step:
                for name, value in step["set_thread"].items():
                    setattr(thread, name, read(ThreadStatus, value) if name == "status" else value)
            elif "raise" in step:
                r = step["raise"]
                retry = {"allow_retry": r["allow_retry"]} if "allow_retry" in r else {}
                if r["kind"] == "custom":
                    raise CustomStreamError(r["message"], **retry)
                if r["kind"] == "stream":
                    raise StreamError(ErrorCode.STREAM_ERROR, **retry)
                raise ValueError("scripted")
            elif "cancel" in step:
                self.leave.set()
                await asyncio.Event().wait()

    async def respond(self, thread, input_user_message, context):
        self.seen.append(input_user_message.id if input_user_message else None)
        async for event in self.play(thread, self.exchange["respond"]):
            yield event

    def saw_action(self, action, sender):
        self.seen.append({"action": action.model_dump(), "sender": sender.id if sender else None})

    async def action(self, thread, action, sender, context):
        self.saw_action(action, sender)
        async for event in self.play(thread, self.exchange["action"]):
            yield event

    async def sync_action(self, thread, action, sender, context):
        self.saw_action(action, sender)
        return read(chatkit.server.SyncCustomActionResponse, self.exchange["sync_action"])

    async def add_feedback(self, thread_id, item_ids, feedback, context):
        self.feedback.append({"thread_id": thread_id, "item_ids": item_ids, "kind": feedback})

    async def transcribe(self, audio_input, context):
        a = audio_input
        self.seen.append({"bytes": len(a.data), "mime_type": a.mime_type, "media_type": a.media_type})
        return chatkit.server.TranscriptionResult(text=self.exchange["transcribe"])

    def get_stream_options(self, thread, context):
        if "allow_cancel" in self.options:
            return chatkit.server.StreamOptions(allow_cancel=self.options["allow_cancel"])
        return super().get_stream_options(thread, context)


async def stream(result, author):
    """Reads a stream to its end, or to the place where the client leaves."""
    chunks, ended_by = [], None

    async def read_all():
        async for chunk in result:
            chunks.append(chunk)

    reading = asyncio.create_task(read_all())
    leaving = asyncio.create_task(author.leave.wait())
    await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if not reading.done():
        reading.cancel()
    try:
        await reading
    except asyncio.CancelledError:
        ended_by = "cancelled"
    except Exception as e:
        ended_by = type(e).__name__
    text = b"".join(chunks).decode()
    events = [json.loads(frame.removeprefix("data: ")) for frame in text.split("\n\n") if frame]
    answer = {"kind": "sse", "events": events, "bytes": text}
    if ended_by:
        answer["ended_by"] = ended_by
    return answer


async def answer_of(author, exchange):
    body = exchange["raw"] if "raw" in exchange else json.dumps(exchange["request"])
    try:
        result = await author.process(body.encode(), None)
    except Exception as e:
        return {"kind": "rejected", "error": type(e).__name__}
    if isinstance(result, chatkit.server.NonStreamingResult):
        return {"kind": "json", "body": json.loads(result.json), "bytes": result.json.decode()}
    return await stream(result, author)


async def record(vector):
    """Returns the vector with its answers and the store afterwards."""
    vector = copy.deepcopy(vector)
    store, initial = MapStore(), vector["initial"]
    for thread in initial.get("threads", []):
        await store.save_thread(read(ThreadMetadata, thread), None)
    for thread_id, items in initial.get("items", {}).items():
        for item in items:
            await store.add_thread_item(thread_id, read(ThreadItem, item), None)
    for attachment in initial.get("attachments", []):
        await store.save_attachment(read(Attachment, attachment), None)
    files = None if vector.get("attachment_store") is False else Files()
    author = Author(store, files)
    for exchange in vector["exchanges"]:
        author.begin(exchange, vector.get("options", {}))
        if files:
            files.exchange, files.deleted = exchange, []
        expect = await answer_of(author, exchange)
        if author.seen:
            expect["seen"] = author.seen
        if author.feedback:
            expect["feedback"] = author.feedback
        if files and files.deleted:
            expect["attachments_deleted"] = files.deleted
        exchange["expect"] = expect

    def dump(values):
        return [json.loads(v.model_dump_json(exclude_none=True)) for v in values]

    vector["final"] = {
        "threads": dump(store.threads.values()),
        "items": {id: dump(items.values()) for id, items in store.items.items() if items},
        "attachments": dump(store.attachments.values()),
    }
    return vector


async def main(args):
    only_check = args[:1] == ["--check"]
    different = 0
    for file in sorted((pathlib.Path(args[-1]) / "server").glob("*.json")):
        old = json.loads(file.read_text())
        new = await record(old)
        if new == old:
            continue
        different += 1
        print("recorded differently:", file.name)
        if not only_check:
            file.write_text(json.dumps(new, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{different} vectors differ")
    return 1 if only_check and different else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
