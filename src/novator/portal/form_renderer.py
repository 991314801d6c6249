"""Every form: `{{ form }}` and `{{ field.as_field_group }}` look and speak like our own pages."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class PageForms(TemplatesSetting):
    """Fields with label, help, example and fault; the summary of faults is an own include."""

    form_template_name = "portal/parts/form.html"
    field_template_name = "portal/parts/field.html"
