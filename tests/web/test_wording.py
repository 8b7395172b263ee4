"""What the page says is said in both languages, and every text can be known from the source."""

from playwright.sync_api import expect

from tests.server.serving import RunningServer
from tests.web import wording
from tests.web.conftest import MakeVisit
from tests.web.visiting import model_path


def test_every_text_is_known_from_the_source() -> None:
    assert wording.unreadable() == []
    assert len(list(wording.said())) > 150


def test_every_text_is_said_in_portuguese_and_no_other() -> None:
    said = dict(wording.said())
    translated = wording.translated()
    assert sorted(said) == sorted(translated)
    for text, forms in said.items():
        assert len(translated[text]) == len(forms), text
        for form in (*forms, *translated[text]):
            assert wording.values_in(form) == wording.values_in(text), text


def test_the_page_speaks_the_browsers_language(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    visitor = visit(server.port, screen, locale="pt-BR")
    tab = visitor.open("/")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Acervo")
    expect(tab.locator("html")).to_have_attribute("lang", "pt-BR")
    expect(tab.locator(".sums")).to_contain_text("modelos")
    visitor.open(model_path("northlight", "fjordlines"))
    expect(tab.locator(".sums")).to_contain_text("MB")
    expect(tab.locator(".sums")).to_contain_text(",")  # the decimal comma


def test_another_language_can_be_chosen(server: RunningServer, visit: MakeVisit) -> None:
    tab = visit(server.port).open("/settings")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Settings")
    tab.get_by_label("Language").select_option("pt-BR")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Ajustes")
    tab.get_by_label("Idioma").select_option("en")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Settings")
