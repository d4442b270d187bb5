"""A small ChatKit server for the Python SDK, openai-chatkit 1.6. The same in Go is server.go beside it.

Run it to see what it answers: python server.py
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer
from chatkit.store import NotFoundError, Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ClientToolCallItem,
    Page,
    ProgressUpdateEvent,
    StreamOptions,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    WidgetItem,
)
from chatkit.widgets import Button, Card, Text

Context = dict[str, Any]


class Desk(ChatKitServer[Context]):
    async def respond(self, thread, input_user_message, context) -> AsyncIterator:
        if input_user_message is None:
            items = await self.store.load_thread_items(thread.id, None, 1, "desc", context)
            call = items.data[0]
            yield self.text(thread, context, f"It is {call.output}.")
            return

        question = input_user_message.content[0].text
        if question == "What time is it?":
            yield ThreadItemDoneEvent(
                item=ClientToolCallItem(
                    id=self.store.generate_item_id("tool_call", thread, context),
                    thread_id=thread.id,
                    created_at=datetime.now(),
                    name="get_time",
                    call_id=self.store.generate_item_id("tool_call", thread, context),
                    arguments={"seconds": False},
                )
            )
            return
        if question == "A seat, please":
            yield ThreadItemDoneEvent(
                item=WidgetItem(
                    id=self.store.generate_item_id("message", thread, context),
                    thread_id=thread.id,
                    created_at=datetime.now(),
                    widget=seats(1),
                )
            )
            return
        if question == "More, please":
            raise CustomStreamError("Your budget for today is used up.")

        thread.title = question
        yield ProgressUpdateEvent(icon="search", text="Looking it up")
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[],
        )
        yield ThreadItemAddedEvent(item=item)
        content = AssistantMessageContent(text="", annotations=[])
        yield ThreadItemUpdatedEvent(
            item_id=item.id,
            update=AssistantMessageContentPartAdded(content_index=0, content=content),
        )
        text = ""
        async for token in model(question):
            text += token
            yield ThreadItemUpdatedEvent(
                item_id=item.id,
                update=AssistantMessageContentPartTextDelta(content_index=0, delta=token),
            )
        content = AssistantMessageContent(text=text, annotations=[])
        yield ThreadItemUpdatedEvent(
            item_id=item.id,
            update=AssistantMessageContentPartDone(content_index=0, content=content),
        )
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [content]}))

    async def action(self, thread, action, sender, context) -> AsyncIterator:
        yield ThreadItemReplacedEvent(
            item=sender.model_copy(update={"widget": seats(action.payload["seats"] + 1)})
        )

    async def add_feedback(self, thread_id, item_ids, feedback, context) -> None:
        print(context["user"], "says", feedback, "of", item_ids)

    def get_stream_options(self, thread, context) -> StreamOptions:
        return StreamOptions(allow_cancel=True)

    async def handle_stream_cancelled(self, thread, pending_items, context) -> None:
        print("cancelled", thread.id)
        await super().handle_stream_cancelled(thread, pending_items, context)


    def text(self, thread, context, text):
        return ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(),
                content=[AssistantMessageContent(text=text, annotations=[])],
            )
        )


def seats(n: int) -> Card:
    return Card(
        children=[
            Text(value=f"{n} reserved"),
            Button(label="One more", onClickAction={"type": "seats.add", "payload": {"seats": n}}),
        ]
    )


async def model(question: str) -> AsyncIterator[str]:
    for word in ["You ", "asked: ", question]:
        yield word


# What follows is a store in memory, and a conversation with the server.


class MemoryStore(Store[Context]):
    def __init__(self):
        self.threads, self.items = {}, {}

    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread.model_copy(deep=True)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = list(self.items.get(thread_id, {}).values())
        if order == "desc":
            items.reverse()
        return Page(data=[i.model_copy(deep=True) for i in items[:limit]], has_more=len(items) > limit)

    async def add_thread_item(self, thread_id, item, context):
        self.items.setdefault(thread_id, {})[item.id] = item.model_copy(deep=True)

    save_item = add_thread_item

    async def load_item(self, thread_id, item_id, context):
        return self.items[thread_id][item_id].model_copy(deep=True)

    async def delete_thread(self, thread_id, context):
        del self.threads[thread_id]

    async def delete_thread_item(self, thread_id, item_id, context):
        del self.items[thread_id][item_id]

    async def load_threads(self, limit, after, order, context):
        return Page(data=list(self.threads.values()))

    async def save_attachment(self, attachment, context): ...

    async def load_attachment(self, attachment_id, context): ...

    async def delete_attachment(self, attachment_id, context): ...


def message(text: str) -> dict[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


async def main() -> None:
    server, context = Desk(MemoryStore()), {"user": "alice"}
    thread = widget = ""
    for kind, params in [
        ("threads.create", {"input": message("Why?")}),
        ("threads.add_user_message", {"input": message("What time is it?")}),
        ("threads.add_client_tool_output", {"result": "12:04"}),
        ("threads.add_user_message", {"input": message("A seat, please")}),
        ("threads.custom_action", {"action": {"type": "seats.add", "payload": {"seats": 1}}}),
        ("threads.add_user_message", {"input": message("More, please")}),
    ]:
        if kind != "threads.create":
            params["thread_id"] = thread
        if kind == "threads.custom_action":
            params["item_id"] = widget
        print(">", kind)
        result = await server.process(json.dumps({"type": kind, "params": params}), context)
        async for chunk in result:
            event = json.loads(chunk.decode().removeprefix("data: "))
            if event["type"] == "thread.created":
                thread = event["thread"]["id"]
            if event.get("item", {}).get("type") == "widget":
                widget = event["item"]["id"]
            print(json.dumps(event))


if __name__ == "__main__":
    asyncio.run(main())
