"""The code of a new operation in the client: the function that makes the request, the method, the model's name."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field
from python_text import docstring_lines

from .contract import Contract, Endpoint
from .kinds import Argument, arguments_of
from .leftovers import mark
from .parameters import CALLS, DRIVERS
from .source import Module

__all__ = ["ClientCode"]

PACKAGE = "wrapper/rum_replay/__init__.py"
PAGING_WORDS = (
    "`page_size` is how many to fetch at once (default and maximum are the server's), `start_page` the first page, "
    "counted from 0, and `limit` how many items to return at most."
)


@define
class ClientCode:
    """Writes into the modules of the operation's group."""

    contract: Contract
    endpoint: Endpoint
    model: str | None
    root: Path
    written: set[Path] = field(factory=set)
    in_path: list[Argument] = field(init=False)
    others: list[Argument] = field(init=False)

    def __attrs_post_init__(self) -> None:
        known = arguments_of(self.contract, self.endpoint)
        self.in_path = [each for each in known if f"{{{each.sent_as}}}" in self.endpoint.path]
        self.others = [each for each in known if each not in self.in_path]

    def write(self) -> None:
        self.call()
        self.method()
        self.export()

    # ---- The call ---------------------------------------------------------------------------------------------------

    def call(self) -> None:
        """The function that checks the arguments and builds the request."""
        module, endpoint = Module(self.root / CALLS / f"{self.endpoint.group}.py"), self.endpoint
        result, decoder = self._result()
        lines = [*self._body(module), *self._request()]
        text = "\n".join(
            [
                f"\n_{self.call_name} = {decoder}\n\n",
                f"def {self.call_name}({self._parameters()}) -> {result}:",
                f'    """{endpoint.id}."""',
                *(f"    {line}" for line in lines),
            ]
        )
        public = [node for node in module.tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
        module.add_after(public[-1], f"{text}\n")
        for check in re.findall(r"\bcheck_\w+|\bto_datetime\b", text):
            module.add_import(".._arguments", check)
        for name, source in {"partial": "functools", "optional": ".", result.partition("[")[0]: "."}.items():
            if re.search(rf"\b{name}\b", text):
                module.add_import(source, name)
        module.add_import(".._decoding", decoder.partition("(")[0])
        if self.model is not None:
            module.add_import(".._models", self.model)
        self._save(module)

    @property
    def call_name(self) -> str:
        return f"{self.endpoint.name}_pages" if self.endpoint.is_list else self.endpoint.name

    @property
    def _by_page(self) -> bool:
        return self.endpoint.is_list and self.endpoint.paged

    @property
    def _limited(self) -> bool:
        return self.endpoint.paging == "limit"

    def _result(self) -> tuple[str, str]:
        """What the function returns, and what reads the answer."""
        if self.endpoint.is_list:
            return f"PageCalls[{self.model}]", f"decode_list({self.model})"
        if self.model is not None:
            return f"Call[{self.model}]", f"decode_one({self.model})"
        return "Call[None]", "decode_nothing"

    def _parameters(self) -> str:
        own = [f"{each.name}: {each.annotation}" for each in self.others]
        own += ["page_size: int | None"] if self._by_page else ["limit: int | None"] if self._limited else []
        star = ["*"] if own else []
        return ", ".join([*(f"{each.name}: {each.annotation}" for each in self.in_path), *star, *own])

    def _request(self) -> Iterator[str]:
        endpoint = self.endpoint
        in_query = {parameter.python_name for parameter in endpoint.parameters}
        values = [each.checked for each in self.in_path]
        values += [f"{each.sent_as}={each.checked}" for each in self.others if each.sent_as in in_query]
        values += ["body=body"] if endpoint.body is not None else []
        values += ['page_size=optional(check_size, "page_size", page_size)'] if self._by_page else []
        values += ['page_limit=optional(check_size, "limit", limit)'] if self._limited else []
        kwargs, constant = f"generated.{endpoint.snake}_kwargs", f"*api.{endpoint.snake.upper()}"
        if self._by_page:
            yield f"request = partial({', '.join([kwargs, *values])})"
            yield f"return lambda number: Call({constant}, request(page_number=number), _{self.call_name})"
        else:
            yield f"request = {kwargs}({', '.join(values)})"
            yield f"return {'lambda _: ' if endpoint.is_list else ''}Call({constant}, request, _{self.call_name})"

    def _body(self, module: Module) -> Iterator[str]:
        """Statements that make the body: known for a resource with attributes, otherwise a mark."""
        endpoint, schemas = self.endpoint, self.contract.schemas
        if endpoint.body is None:
            return
        if endpoint.attributes is None:
            module.add_import("typing", "Any")
            yield "body: Any = None"
            yield mark(f"the body, a {endpoint.body} of rum_replay_api.models")
            return
        resource = str(schemas[endpoint.body]["properties"]["data"]["$ref"]).rpartition("/")[2]
        kind = str(schemas[resource]["properties"]["type"]["$ref"]).rpartition("/")[2]
        written = {each.name for each in self.contract.fields(endpoint.attributes)}
        values = ", ".join(f"{each.sent_as}={each.checked}" for each in self.others if each.sent_as in written)
        member = re.sub(r"\W", "_", schemas[kind]["enum"][0]).upper()
        body = f"{endpoint.body}Body" if endpoint.body in self.contract.models() else endpoint.body
        yield f"attributes = {endpoint.attributes}({values})"
        yield f"data = {resource}(type_={kind}.{member}, attributes=attributes)"
        yield f"body = {body}(data=data)"
        for name in (endpoint.attributes, resource, kind, endpoint.body):
            # Some bodies have the name of the class that the client returns.
            renamed = f"{name} as {body}" if name == endpoint.body != body else name
            module.add_import(f"rum_replay_api.models.{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}", renamed)

    # ---- The method -------------------------------------------------------------------------------------------------

    def method(self) -> None:
        """The method of the asynchronous client; the synchronous one is derived."""
        endpoint, module = self.endpoint, Module(self.root / DRIVERS / f"{self.endpoint.group}.py")
        path = [f"{each.public_name}: {each.annotation}" for each in self.in_path]
        own = [f"{each.name}: {each.annotation}{'' if each.required else ' = None'}" for each in self.others]
        own += ["page_size: int | None = None", "start_page: int = 0"] if self._by_page else []
        own += ["limit: int | None = None"] if endpoint.is_list else []
        parameters = ", ".join(["self", *path, *(["*"] if own else []), *own])
        given = [each.public_name for each in self.in_path] + [f"{each.name}={each.name}" for each in self.others]
        given += ["page_size=page_size"] if self._by_page else ["limit=limit or None"] if self._limited else []
        call = f"calls.{self.call_name}({', '.join(given)})"
        text = [self._words(), *(f"`{each.name}`: {each.description}" for each in self.others)]
        if endpoint.is_list:
            text += [PAGING_WORDS] if self._by_page else []
            listing = "start_page=start_page, limit=limit" if self._by_page else "limit=limit, paged=False"
            head = f"def {endpoint.name}({parameters}) -> AsyncListing[{self.model}]:"
            body = [f"    pages = {call}", f"    return AsyncListing(self._transport, pages, {listing})"]
            module.add_import(".listing", "AsyncListing")
        else:
            head = f"async def {endpoint.name}({parameters}) -> {self.model}:"
            body = [f"    {'return ' if self.model else ''}await self._transport.send({call})"]
        cls = next(node for node in module.tree.body if isinstance(node, ast.ClassDef))
        module.add_to_class(cls, textwrap.indent("\n".join([head, _docstring(text), *body, ""]), "    "))
        if self.model is not None:
            module.add_import(".._models", self.model)
        self._save(module)

    def _words(self) -> str:
        """The contract's words about the operation; a listing is more than the one page that they are about."""
        if not self.endpoint.is_list:
            return self.endpoint.description
        rest = self.endpoint.description.partition(". ")[2]
        return f"{self.endpoint.summary}; fetched as they are iterated. {rest}".strip()

    def export(self) -> None:
        """The model's name in the package, unless it is there."""
        module = Module(self.root / PACKAGE)
        if self.model is not None and f'"{self.model}"' not in module:
            module.add_import("._models", self.model)
            module.add_element(module.display("__all__"), f'"{self.model}"')
            table = module.display("_MODULES")
            before = [name for name in re.findall(r"'(\w+)':", ast.unparse(table)) if name < self.model]
            module.add_element(table, f'"{self.model}": "_models"', after=max(before))
            self._save(module)

    def _save(self, module: Module) -> None:
        if module.write():
            self.written.add(module.path)


def _docstring(paragraphs: list[str]) -> str:
    text = "\n\n".join("\n".join(docstring_lines(each, 112, quotes="")) for each in paragraphs)
    return textwrap.indent(f'"""{text}"""' if "\n" not in text else f'"""{text}\n"""', "    ")
