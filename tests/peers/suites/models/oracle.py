"""Holds the conversations with a provider's own client, and prints what it read, a line a turn: oracle.py FORMAT BASE_URL."""

import base64
import json
import sys

format, base_url = sys.argv[1:]
with open("tests/peers/suites/models/conversations.json") as file:
    conversations = json.load(file)

finishes = {
    "stop": "stop",
    "end_turn": "stop",
    "STOP": "stop",
    "completed": "stop",
    "tool_calls": "tool_calls",
    "tool_use": "tool_calls",
    "length": "length",
    "max_tokens": "length",
    "MAX_TOKENS": "length",
}


def tell(name, turn, text, calls, finish):
    calls = [{"name": name, "arguments": arguments} for name, arguments in calls]
    finish = finishes.get(finish, finish)
    print(json.dumps({"name": name, "turn": turn, "text": text, "calls": calls, "finish": finish}), flush=True)


def openai():
    from openai import OpenAI

    client = OpenAI(base_url=base_url + "/v1", api_key="key-of-openai", max_retries=0)
    for it in conversations:
        content = it["user"]
        if "image" in it:
            url = {"url": "data:image/png;base64," + it["image"]}
            content = [{"type": "text", "text": it["user"]}, {"type": "image_url", "image_url": url}]
        messages = [{"role": "user", "content": content}]
        if "system" in it:
            messages.insert(0, {"role": "system", "content": it["system"]})
        options = {"model": "gpt-4o-mini", "max_completion_tokens": it["max_tokens"]}
        if "temperature" in it:
            options["temperature"] = it["temperature"]
        if "schema" in it:
            schema = {"name": "food", "schema": it["schema"], "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        if "tool" in it:
            tool = it["tool"]
            function = {"name": tool["name"], "description": tool["description"], "parameters": tool["schema"]}
            options["tools"] = [{"type": "function", "function": function}]
        for turn in (1, 2):
            if it.get("stream"):
                with client.chat.completions.stream(
                    messages=messages, stream_options={"include_usage": True}, **options
                ) as stream:
                    completion = stream.get_final_completion()
            else:
                completion = client.chat.completions.create(messages=messages, **options)
            choice = completion.choices[0]
            calls = choice.message.tool_calls or []
            read = [(call.function.name, json.loads(call.function.arguments)) for call in calls]
            tell(it["name"], turn, choice.message.content or "", read, choice.finish_reason)
            if not calls:
                break
            asked = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.function.name, "arguments": call.function.arguments},
                }
                for call in calls
            ]
            messages.append({"role": "assistant", "tool_calls": asked})
            for call, result in zip(calls, it["results"]):
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


def anthropic():
    from anthropic import Anthropic

    client = Anthropic(base_url=base_url, api_key="key-of-anthropic", max_retries=0)
    for it in conversations:
        content = [{"type": "text", "text": it["user"]}]
        if "image" in it:
            source = {"type": "base64", "media_type": "image/png", "data": it["image"]}
            content.append({"type": "image", "source": source})
        messages = [{"role": "user", "content": content}]
        options = {"model": "claude-sonnet-5", "max_tokens": it["max_tokens"]}
        if "system" in it:
            options["system"] = [{"type": "text", "text": it["system"]}]
        if "schema" in it:
            options["output_config"] = {"format": {"type": "json_schema", "schema": it["schema"]}}
        if "tool" in it:
            tool = it["tool"]
            options["tools"] = [
                {"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}
            ]
        for turn in (1, 2):
            if it.get("stream"):
                with client.messages.stream(messages=messages, **options) as stream:
                    message = stream.get_final_message()
            else:
                message = client.messages.create(messages=messages, **options)
            text = "".join(block.text for block in message.content if block.type == "text")
            calls = [block for block in message.content if block.type == "tool_use"]
            tell(it["name"], turn, text, [(call.name, call.input) for call in calls], message.stop_reason)
            if not calls:
                break
            asked = [{"type": "tool_use", "id": call.id, "name": call.name, "input": call.input} for call in calls]
            messages.append({"role": "assistant", "content": asked})
            results = [
                {"type": "tool_result", "tool_use_id": call.id, "content": [{"type": "text", "text": result}]}
                for call, result in zip(calls, it["results"])
            ]
            messages.append({"role": "user", "content": results})


def google():
    from google import genai
    from google.genai import types

    client = genai.Client(api_key="key-of-google", http_options=types.HttpOptions(base_url=base_url, api_version="v1beta"))
    for it in conversations:
        parts = [types.Part(text=it["user"])]
        if "image" in it:
            data = base64.b64decode(it["image"])
            parts.append(types.Part(inline_data=types.Blob(mime_type="image/png", data=data)))
        contents = [types.Content(role="user", parts=parts)]
        config = types.GenerateContentConfig(max_output_tokens=it["max_tokens"])
        if "system" in it:
            config.system_instruction = types.Content(parts=[types.Part(text=it["system"])])
        if "temperature" in it:
            config.temperature = it["temperature"]
        if "schema" in it:
            config.response_mime_type = "application/json"
            config.response_json_schema = it["schema"]
        if "tool" in it:
            tool = it["tool"]
            function = types.FunctionDeclaration(
                name=tool["name"], description=tool["description"], parameters_json_schema=tool["schema"]
            )
            config.tools = [types.Tool(function_declarations=[function])]
            config.automatic_function_calling = types.AutomaticFunctionCallingConfig(disable=True)
        for turn in (1, 2):
            request = {"model": "gemini-2.5-flash", "contents": contents, "config": config}
            if it.get("stream"):
                replies = list(client.models.generate_content_stream(**request))
            else:
                replies = [client.models.generate_content(**request)]
            read = [part for reply in replies for part in reply.candidates[0].content.parts or []]
            text = "".join(part.text for part in read if part.text and not part.thought)
            calls = [part.function_call for part in read if part.function_call]
            finish = replies[-1].candidates[0].finish_reason.value
            finish = "tool_calls" if calls else finish
            tell(it["name"], turn, text, [(call.name, call.args) for call in calls], finish)
            if not calls:
                break
            asked = [part for part in read if part.function_call]
            contents.append(types.Content(role="model", parts=asked))
            results = [
                types.Part(
                    function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": result})
                )
                for call, result in zip(calls, it["results"])
            ]
            contents.append(types.Content(role="user", parts=results))


{"openai": openai, "anthropic": anthropic, "google": google}[format]()
