// The page's words in English and Chinese.

const WORDS = {
  api: ["API", "接口文档"],
  notice: ["Demonstration airspace: approximate, not for navigation.", "演示空域：数据近似，不得用于实际飞行导航。"],
  noticeMore: ["Routes are planned among the flights that are reserved.", "航线在已预留航班之间规划。"],
  token: ["Token", "令牌"],
  tokenHint: ["token, if the server asks for one", "令牌（服务器要求时填写）"],
  flights: ["Flights", "航班"],
  events: ["Events", "事件"],
  noEvents: ["Nothing yet", "暂无"],
  ownFlights: ["to be seen whole", "个可见详情"],
  otherFlights: ["of others as volumes", "个他人航班（仅显示占用空间）"],
  reserve: ["Reserve this flight", "预留此航班"],
  reserved: ["Reserved", "已预留"],
  notReserved: ["Not reserved", "未能预留"],
  cause: ["Cause", "原因"],
  ACCEPTED: ["accepted", "已接受"], ACTIVATED: ["in use", "执行中"], NONCONFORMING: ["off its plan", "偏离计划"],
  CONTINGENT: ["without a plan", "应急"], ENDED: ["ended", "已结束"], CANCELLED: ["cancelled", "已取消"],
  toACTIVATED: ["activate", "激活"], toENDED: ["end", "结束"], toCANCELLED: ["cancel", "取消"],
  REPLANNED: ["planned anew", "已重新规划"], ADVISED: ["other conditions", "提示变更"], DIVERTED: ["diverted", "改降"],
  "zones.changed": ["Airspace", "空域变更"], "weather.changed": ["Wind", "风变更"], "flight.accepted": ["Reserved:", "新航班"],
  "flight.affected": ["Affected:", "受影响航班"], "flight.state": ["Flight", "航班状态"],
  "flight.nonconforming": ["Off its plan:", "偏离计划"], "state.restored": ["Restored from a backup", "已从备份恢复"],
  origin: ["From", "起飞点"],
  destination: ["To", "降落点"],
  pickOrigin: ["Pick the origin on the map", "在地图上选择起飞点"],
  pickDestination: ["Pick the destination on the map", "在地图上选择降落点"],
  swap: ["Swap the ends", "互换起降点"],
  aircraft: ["Aircraft", "航空器"],
  mission: ["Mission", "任务"],
  LOGISTICS: ["Logistics", "物流"],
  RESCUE: ["Rescue", "救援"],
  EMERGENCY: ["Emergency", "应急"],
  STATE: ["State", "国家航空"],
  INSPECTION: ["Inspection", "巡检"],
  OTHER: ["Other", "其他"],
  earliest: ["Lift-off from (local time)", "最早起飞（本地时间）"],
  window: ["Window, min", "时间窗（分钟）"],
  bandMin: ["Lowest, m AGL", "最低真高（米）"],
  bandMax: ["Highest, m AGL", "最高真高（米）"],
  priority: ["Priority", "优先级"],
  rights: ["Authorized for, exempt from", "已获批准或豁免的空域"],
  rightsHint: ["zone identifier", "空域编号"],
  plan: ["Plan route", "规划航线"],
  planning: ["Planning …", "规划中……"],
  airspace: ["Airspace files", "空域文件"],
  dropHint: ["ED-318, ED-269, OpenAir or GeoJSON: drop a file on the page, or", "将 ED-318、ED-269、OpenAir 或 GeoJSON 文件拖到页面上，或"],
  chooseFile: ["choose a file", "选择文件"],
  zoomIn: ["Closer", "放大"], zoomOut: ["Farther", "缩小"], zoomFit: ["Show all", "显示全部"],
  PROHIBITED: ["Prohibited", "禁止飞行"],
  REQ_AUTHORIZATION: ["Authorization required", "需经批准"],
  CONDITIONAL: ["Conditional", "有条件飞行"],
  USPACE: ["U-space", "U-space 空域"],
  NO_RESTRICTION: ["No restriction", "无限制"],
  sites: ["Sites", "起降点"],
  onMap: ["on the map", "地图选点"],
  choose: ["choose …", "请选择……"],
  pickHint: ["Click on the map · Esc to cancel", "点击地图选点 · Esc 取消"],
  planned: ["Route found", "航线已规划"],
  refused: ["No route", "无法规划"],
  failed: ["The request failed", "请求失败"],
  departure: ["Lift-off", "起飞"],
  arrival: ["Touch-down", "降落"],
  length: ["Length", "航程"],
  duration: ["Duration", "用时"],
  energy: ["Energy", "能耗"],
  ofUsable: ["of usable", "可用能量"],
  height: ["Greatest height", "最大高度"],
  delay: ["Waits for zones", "等待空域开放"],
  advisories: ["Conditions on the way", "沿途提示"],
  inTheWay: ["In the way", "阻挡的空域"],
  instead: ["What would work instead", "可行的替代方案"],
  leaveAt: ["Leave at", "改为起飞于"],
  cruiseAt: ["Cruise at", "改为巡航高度"],
  holdAuthorization: ["With the authorization of", "取得批准："],
  tryIt: ["try it", "采用"],
  authorize: ["with authorization", "按已批准"],
  exempt: ["with exemption", "按已豁免"],
  save: ["Save the plan (JSON)", "保存航线（JSON）"],
  profile: ["Height above sea level, m, over distance", "高度剖面：海拔（米）与距离"],
  band: ["cruise band", "巡航高度带"],
  identifier: ["Identifier", "编号"],
  heights: ["Heights", "高度"],
  when: ["When", "时间"],
  always: ["always", "全天"],
  never: ["never", "不生效"],
  authority: ["Authority", "管理单位"],
  message: ["Message", "说明"],
  conditions: ["Conditions", "条件"],
  reason: ["Reason", "原因"],
  ground: ["ground", "地面"],
  unlimited: ["unlimited", "不限高"],
  more: ["more", "更多"],
  remove: ["Remove zone", "删除空域"],
  allow: ["Fly as authorized", "视为已获批准"],
  flyFrom: ["From here", "从此起飞"],
  flyTo: ["To here", "在此降落"],
  close: ["Close", "关闭"],
  added: ["zones added", "个空域已添加"],
  notAdded: ["Nothing was added", "未添加任何空域"],
  unreachable: ["The server does not answer.", "服务器无响应。"],
};

const query = new URLSearchParams(location.search).get("lang");
let language = query ?? localStorage.getItem("lang") ?? navigator.language;
language = language.startsWith("zh") ? "zh" : "en";

/** The language in use: "en" or "zh". */
export const lang = () => language;

/** The word for a key; the key itself if there is none. */
export const word = (key) => WORDS[key]?.[language === "zh" ? 1 : 0] ?? key;

/** Switches to the other language. */
export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("lang", language);
  writeWords();
}

/** Writes the words into every element that asks for one. */
export function writeWords() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = word(element.dataset.w);
  for (const element of document.querySelectorAll("[data-p]")) element.placeholder = word(element.dataset.p);
  for (const element of document.querySelectorAll("[data-t]")) {
    element.title = word(element.dataset.t);
    element.setAttribute("aria-label", element.title);
  }
  document.getElementById("lang").textContent = language === "zh" ? "English" : "中文";
}

/** The text of a list of { text, lang } in the language in use, else the first. */
export function textOf(texts) {
  if (!Array.isArray(texts)) return texts ?? "";
  return (texts.find((one) => (one.lang ?? "").startsWith(language)) ?? texts[0])?.text ?? "";
}

/** An element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const clock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** A time in words, in the reader's own time zone. */
export const time = (iso) => clock.format(new Date(iso));
