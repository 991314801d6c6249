// Words that are too faint on what lies beneath them, by the rule of WCAG 1.4.3, as far as colours
// alone decide it: axe says the rest, where it looks at the same page in another look.
() => {
    const read = text => {
        const given = (text.match(/[\d.]+/g) || ["0", "0", "0", "0"]).map(Number);
        const unit = text.startsWith("color(") ? 255 : 1;
        return {rgb: given.slice(0, 3).map(each => each * unit), a: given.length > 3 ? given[3] : 1};
    };
    const over = (top, below, share) => top.map((each, at) => each * share + below[at] * (1 - share));
    const light = rgb => {
        const [r, g, b] = rgb.map(each => each / 255).map(
            each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const grounds = new Map();
    // What lies beneath: null where a picture decides.
    const ground = element => {
        if (element === null) return [255, 255, 255];
        if (!grounds.has(element)) {
            const style = getComputedStyle(element), own = read(style.backgroundColor);
            const below = own.a * style.opacity < 1 ? ground(element.parentElement) : [0, 0, 0];
            const is_picture = style.backgroundImage !== "none";
            grounds.set(element, is_picture || below === null
                ? null : over(own.rgb, below, own.a * style.opacity));
        }
        return grounds.get(element);
    };
    const seen = new Set(), faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || seen.has(element)) continue;
        seen.add(element);
        const place = element.getBoundingClientRect();
        if (place.width <= 1 || place.height <= 1 || element.closest("svg, option, :disabled, [aria-hidden=true]")
            || !element.checkVisibility({visibilityProperty: true})) continue;
        const style = getComputedStyle(element), beneath = ground(element);
        if (beneath === null) continue;
        const ink = read(style.color);
        const [a, b] = [light(over(ink.rgb, beneath, ink.a * style.opacity)), light(beneath)];
        const found = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        const size = parseFloat(style.fontSize);
        const is_large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        if (found < (is_large ? 3 : 4.5))
            faint.push(`${found.toFixed(2)}: ${element.outerHTML.slice(0, 200)}`);
    }
    return faint;
}
